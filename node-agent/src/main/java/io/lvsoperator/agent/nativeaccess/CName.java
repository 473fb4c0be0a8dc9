package io.lvsoperator.agent.nativeaccess;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The C expression behind a constant, where it is not simply the constant's own name. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface CName {
    /** A C constant expression such as {@code sizeof(struct nlmsghdr)}; empty for the field's own name. */
    String value() default "";

    /** The header to include, where it is not the one of the class's {@link CHeader}. */
    String header() default "";
}
