package io.lvsoperator.e2e.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method on a thread of its own in a new network namespace, which goes with the thread.
 *
 * <p>A namespace belongs to an operating-system thread: the sockets that the test opens, the programs that it starts and what it
 * reads below {@code /proc/sys/net} are all in there, nothing else is. Its {@code lo} is up: without it IPVS refuses every destination.
 */
@SuppressWarnings("restricted") // the test JVM is started with --enable-native-access
final class FreshNetworkNamespace implements InvocationInterceptor {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    private static final MethodHandle UNSHARE =
            link("unshare", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
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
        var task = new FutureTask<@Nullable Void>(() -> {
            unshare();
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        var thread = Thread.ofPlatform().name("network namespace").start(task);
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            thread.join();
        }
    }

    private static void unshare() throws Exception {
        int result;
        try {
            result = (int) UNSHARE.invokeExact(CLONE_NEWNET);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (result != 0) {
            throw new IllegalStateException("cannot make a network namespace: run this as root, or in the guest");
        }
        Oracle.run("ip", "link", "set", "lo", "up");
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
