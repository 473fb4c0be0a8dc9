package io.lvsoperator.agent.nativeaccess;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a number in an audited package that no C header knows: our own choice, or a protocol's. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface NotFromC {
    /** Where the number comes from instead. */
    String value();
}
