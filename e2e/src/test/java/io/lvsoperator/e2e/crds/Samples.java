package io.lvsoperator.e2e.crds;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.PersistenceEngine;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** Records of the API model in which every field is set. */
final class Samples {
    /** Within the bounds of every integer of the model. */
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
        if (plain == VirtualServiceSpec.Persistence.class) {
            return new VirtualServiceSpec.Persistence(
                    NUMBER, 24, 64, PersistenceEngine.SIP); // as bounds it has its own
        }
        if (plain == KernelSettings.class) {
            return new KernelSettings(
                    new KernelSettings.ConnectionTimeouts(NUMBER, NUMBER, NUMBER),
                    3,
                    true,
                    true,
                    true,
                    true,
                    true,
                    true,
                    true,
                    1,
                    2,
                    3,
                    true,
                    2);
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
                Arrays.stream(components).map(c -> value(c.getGenericType())).toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }
}
