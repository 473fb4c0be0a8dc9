package io.lvsoperator.e2e.agent;

import io.lvsoperator.e2e.lab.NamespaceThreads;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method on a thread of its own in a new network namespace, which goes with the thread.
 *
 * <p>The sockets that the test opens, the programs that it starts and what it reads below {@code /proc/sys/net} are all in there,
 * nothing else is.
 */
@SuppressWarnings("restricted") // the test JVM is started with --enable-native-access
final class FreshNetworkNamespace implements InvocationInterceptor {
    private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    private static final MethodHandle CAPSET =
            link("capset", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        inNewNamespace(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        inNewNamespace(invocation);
    }

    private static void inNewNamespace(Invocation<@Nullable Void> invocation) throws Throwable {
        NamespaceThreads.<@Nullable Void>callInNew(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Takes all capabilities from the calling thread, for good. */
    static void dropCapabilities() {
        try (var arena = Arena.ofConfined()) {
            var header = arena.allocate(8);
            header.set(ValueLayout.JAVA_INT, 0, LINUX_CAPABILITY_VERSION_3);
            var none = arena.allocate(24);
            var result = (int) CAPSET.invokeExact(header, none);
            if (result != 0) {
                throw new IllegalStateException("cannot drop capabilities");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle link(String function, FunctionDescriptor descriptor) {
        MemorySegment symbol = Linker.nativeLinker().defaultLookup().findOrThrow(function);
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }
}
