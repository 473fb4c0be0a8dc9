package io.lvsoperator.agent.abi;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the numbers of classes, and has the C compiler assert each of them against its header. */
final class AbiAudit {
    /** A number in Java, and what it is in C. */
    record Constant(String javaName, String header, String expression, String value) {
        /** One line; a string is compared with its NUL. */
        String assertion() {
            var message = javaName + " is " + value.replace("\"", "'") + ", not <" + header + ">'s " + expression;
            return value.startsWith("\"")
                    ? "_Static_assert(__builtin_strcmp(%s, %s) == 0, \"%s\");".formatted(expression, value, message)
                    : "_Static_assert((long long) (%s) == %sLL, \"%s\");".formatted(expression, value, message);
        }
    }

    private final List<Constant> constants = new ArrayList<>();
    private final List<String> uncovered = new ArrayList<>();

    AbiAudit(Collection<Class<?>> classes) {
        for (var type : classes) {
            if (type.isEnum()) {
                readEnum(type);
            }
            for (var field : type.getDeclaredFields()) {
                if (isConstant(field)) {
                    readField(type, field);
                }
            }
        }
    }

    List<Constant> constants() {
        return constants;
    }

    /** Numbers that neither name a header nor say that they come from none. */
    List<String> uncovered() {
        return uncovered;
    }

    private static boolean isConstant(Field field) {
        var modifiers = field.getModifiers();
        return Modifier.isStatic(modifiers)
                && Modifier.isFinal(modifiers)
                && !field.isSynthetic()
                && !field.getName().equals("serialVersionUID")
                && (isNumber(field) || field.isAnnotationPresent(CName.class))
                && !field.isEnumConstant();
    }

    private static boolean isNumber(Field field) {
        return field.getType().isPrimitive() && field.getType() != boolean.class;
    }

    private void readField(Class<?> type, Field field) {
        if (field.isAnnotationPresent(NotFromC.class)) {
            return;
        }
        field.setAccessible(true);
        try {
            var value = field.get(null);
            var literal = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
            register(type, field, literal);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private void readEnum(Class<?> type) {
        var numbered = Arrays.stream(type.getDeclaredFields())
                .filter(field -> isNumber(field) && !Modifier.isStatic(field.getModifiers()))
                .filter(field -> !field.isAnnotationPresent(NotFromC.class))
                .toList();
        if (!CConstant.class.isAssignableFrom(type)) {
            numbered.forEach(field -> uncovered.add(name(type, field)));
            return;
        }
        for (var constant : type.getEnumConstants()) {
            try {
                var field = type.getDeclaredField(((Enum<?>) constant).name());
                register(type, field, String.valueOf(((CConstant) constant).number()));
            } catch (NoSuchFieldException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void register(Class<?> type, Field field, String value) {
        var named = Optional.ofNullable(field.getAnnotation(CName.class));
        var header = named.map(CName::header)
                .filter(text -> !text.isEmpty())
                .or(() -> Optional.ofNullable(type.getAnnotation(CHeader.class)).map(CHeader::value));
        if (header.isEmpty()) {
            uncovered.add(name(type, field));
            return;
        }
        var expression = named.map(CName::value).filter(text -> !text.isEmpty()).orElse(field.getName());
        constants.add(new Constant(name(type, field), header.get(), expression, value));
    }

    private static String name(Class<?> type, Field field) {
        return type.getSimpleName() + "." + field.getName();
    }

    /** What the C compiler has against the constants; empty when all are right. One file for each header: some exclude each other. */
    String compile(Path directory) throws IOException, InterruptedException {
        Map<String, List<Constant>> byHeader = constants.stream()
                .collect(Collectors.groupingBy(Constant::header, LinkedHashMap::new, Collectors.toList()));
        var command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-fsyntax-only"));
        for (var entry : byHeader.entrySet()) {
            var file = directory.resolve(entry.getKey().replace('/', '_').replace(".h", ".c"));
            Files.write(file, source(entry.getKey(), entry.getValue()));
            command.add(file.toString());
        }
        return run(command);
    }

    private static List<String> source(String header, List<Constant> constants) {
        var lines = new ArrayList<>(List.of(
                "#define _GNU_SOURCE", "#include <stddef.h>", "#include <string.h>", "#include <" + header + ">"));
        constants.forEach(constant -> lines.add(constant.assertion()));
        return lines;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the ABI audit needs a C compiler and the kernel's headers: apt-get install gcc libc6-dev linux-libc-dev",
                    e);
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var status = process.waitFor();
        return status == 0 || !output.isEmpty() ? output : "gcc ended with status " + status;
    }
}
