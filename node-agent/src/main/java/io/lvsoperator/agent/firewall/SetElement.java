package io.lvsoperator.agent.firewall;

import java.util.Optional;

/**
 * An element of a set or of a verdict map.
 *
 * @param key in hexadecimal
 * @param end in a set of intervals, the first key behind one
 * @param catchall stands for every key that no other element has
 * @param verdict of a map; empty for a set, and where the verdict is not understood
 */
public record SetElement(String key, boolean end, boolean catchall, Optional<Expression> verdict) {}
