package io.lvsoperator.e2e.conformance;

/** How a test holds us to a requirement. */
enum Form {
    /** What is asked for happens. */
    POSITIVE("+"),
    /** What must have no effect, or must not happen, does not. */
    NEGATIVE("-");

    private final String sign;

    Form(String sign) {
        this.sign = sign;
    }

    /** The end of the tag. */
    String sign() {
        return sign;
    }
}
