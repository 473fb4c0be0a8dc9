package io.lvsoperator.agent.nativeaccess;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the C header that the constants of a class come from.
 *
 * <p>Every primitive {@code static final} field and every constant of an enum that is a {@link CConstant} then stands for the C
 * expression of the same name, or for the one that {@link CName} gives. The ABI audit asserts each of them with the C compiler,
 * and refuses a number in the audited packages that is covered by neither this annotation nor {@link NotFromC}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface CHeader {
    /** As it stands between the angle brackets of an include, for example {@code linux/ip_vs.h}. */
    String value();
}
