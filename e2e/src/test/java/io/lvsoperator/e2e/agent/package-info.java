/**
 * The agent's kernel edge on a real kernel, each test in a network namespace of its own, with {@code ip} and {@code ipvsadm} as
 * oracles.
 */
@NullMarked
package io.lvsoperator.e2e.agent;

import org.jspecify.annotations.NullMarked;
