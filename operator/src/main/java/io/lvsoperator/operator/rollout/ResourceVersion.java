package io.lvsoperator.operator.rollout;

import org.jspecify.annotations.Nullable;

/** resourceVersions as what they are: unsigned decimal numbers without bound, ordered within one resource type. */
public final class ResourceVersion {
    private ResourceVersion() {}

    /** Whether a watch that has reached a version has seen another one. Anything that is no number has seen nothing. */
    public static boolean hasReached(@Nullable String reached, @Nullable String version) {
        return reached != null
                && version != null
                && isNumber(reached)
                && isNumber(version)
                && compare(reached, version) >= 0;
    }

    /** Compares two numbers. */
    public static int compare(String a, String b) {
        String left = withoutLeadingZeros(a);
        String right = withoutLeadingZeros(b);
        return left.length() != right.length() ? Integer.compare(left.length(), right.length()) : left.compareTo(right);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String withoutLeadingZeros(String number) {
        int start = 0;
        while (start < number.length() - 1 && number.charAt(start) == '0') {
            start++;
        }
        return number.substring(start);
    }
}
