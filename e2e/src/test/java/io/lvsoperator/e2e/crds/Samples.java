package io.lvsoperator.e2e.crds;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** Records of the API model in which every field is set. */
final class Samples {
    /** What an integer is that its own bounds do not keep from it. */
    private static final int NUMBER = 100;

    private Samples() {}

    static <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    private static Object value(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return List.of(value(list.getActualTypeArguments()[0]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain == DirectorFleetSpec.Network.class) {
            return new DirectorFleetSpec.Network("eth0", null); // its two fields exclude each other
        }
        if (plain.isRecord()) {
            return ofRecord(plain);
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[0];
        }
        return switch (plain.getSimpleName()) {
            case "String" -> "sample";
            case "Boolean" -> true;
            case "Integer" -> NUMBER;
            case "Long" -> (long) NUMBER;
            default -> throw new IllegalArgumentException("no sample of " + type + " yet: add one");
        };
    }

    private static Object ofRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values =
                Arrays.stream(components).map(c -> ofComponent(type, c)).toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }

    private static Object ofComponent(Class<?> type, RecordComponent component) {
        Object value = value(component.getGenericType());
        return value instanceof Integer number ? withinBounds(type, component.getName(), number) : value;
    }

    private static int withinBounds(Class<?> type, String field, int number) {
        try {
            Field declared = type.getDeclaredField(field);
            Min least = declared.getAnnotation(Min.class);
            Max most = declared.getAnnotation(Max.class);
            int atLeast = least == null ? number : (int) Math.max(least.value(), number);
            return most == null ? atLeast : (int) Math.min(most.value(), atLeast);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a record without a field for its component " + field + ": " + type, e);
        }
    }
}
