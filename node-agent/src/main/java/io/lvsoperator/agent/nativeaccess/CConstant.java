package io.lvsoperator.agent.nativeaccess;

/** An enum whose constants stand for numbers of a C header; see {@link CHeader}. */
public interface CConstant {
    /** The number in C. */
    int number();
}
