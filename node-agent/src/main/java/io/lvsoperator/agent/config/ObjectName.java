package io.lvsoperator.agent.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Namespace and name of an object of the cluster. */
public record ObjectName(String namespace, String name) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)/([a-z0-9.-]+)");

    /**
     * Reads {@code namespace/name}.
     *
     * @throws IllegalArgumentException naming the variable, its value and what it should be
     */
    static ObjectName parse(String variable, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(variable + " is '" + text + "': give namespace/name of the Secret");
        }
        return new ObjectName(matcher.group(1), matcher.group(2));
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
