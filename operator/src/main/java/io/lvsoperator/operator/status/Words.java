package io.lvsoperator.operator.status;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Lists in messages: short enough to be read. */
final class Words {
    private static final int NAMED = 5;

    private Words() {}

    /** Names in quotes, at most five of them. */
    static String names(Collection<String> names) {
        return firstOf(names.stream().map(name -> "'" + name + "'").toList(), ", ");
    }

    /** Sentences, at most five of them. */
    static String sentences(List<String> sentences) {
        return firstOf(sentences, "; ");
    }

    private static String firstOf(List<String> items, String separator) {
        String first = items.stream().limit(NAMED).collect(Collectors.joining(separator));
        return items.size() <= NAMED ? first : first + " and " + (items.size() - NAMED) + " more";
    }
}
