package io.lvsoperator.api.v1alpha1;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How server-side apply merges a list: becomes {@code x-kubernetes-list-type} and {@code x-kubernetes-list-map-keys}.
 * The CRD generator has no annotation for it, and an unmarked list is atomic: two writers would erase each other.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface ListType {
    Kind value();

    /** Property names that identify an item; only for {@link Kind#MAP}. */
    String[] keys() default {};

    /** The list types of structural schemas. */
    enum Kind {
        ATOMIC,
        SET,
        MAP
    }
}
