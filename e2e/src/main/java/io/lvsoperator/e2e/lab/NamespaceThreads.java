package io.lvsoperator.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Threads in network namespaces. A namespace belongs to an operating-system thread: the sockets that it opens, the threads and
 * programs that it starts and what it reads below {@code /proc/thread-self/net} are all in there, nothing else is.
 */
@SuppressWarnings("restricted") // who uses this is started with --enable-native-access
public final class NamespaceThreads {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle UNSHARE =
            link("unshare", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle OPEN = link(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS =
            link("setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            link("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private NamespaceThreads() {}

    /** Calls something on a thread of its own in a new namespace, which goes with the thread; {@code lo} is up there. */
    public static <T extends @Nullable Object> T callInNew(Callable<T> work) throws Exception {
        var task = new FutureTask<T>(() -> {
            enterNew();
            return work.call();
        });
        var thread = Thread.ofPlatform().name("network namespace").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        } finally {
            thread.join();
        }
    }

    private static void enterNew() {
        try {
            var result = (int) UNSHARE.invokeExact(CLONE_NEWNET);
            if (result != 0) {
                throw new IllegalStateException("cannot make a network namespace: run this as root, or in the guest");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing of its own", e);
        }
        setLoopbackUp();
    }

    /** Without it IPVS refuses every destination. No virtual thread here: its carrier would stay in the namespace. */
    private static void setLoopbackUp() {
        try {
            var builder = new ProcessBuilder("ip", "link", "set", "lo", "up").inheritIO();
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, system) -> own + ":" + system);
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException("ip link set lo up failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Moves the calling thread, for good, into the namespace that {@code ip netns} knows by this name. */
    public static void enter(String namespace) {
        try (var arena = Arena.ofConfined()) {
            var fd = (int) OPEN.invokeExact(arena.allocateFrom("/var/run/netns/" + namespace), 0);
            var result = fd < 0 ? -1 : (int) SETNS.invokeExact(fd, CLONE_NEWNET);
            if (result != 0) {
                throw new IllegalStateException("cannot enter the network namespace " + namespace);
            }
            var closed = (int) CLOSE.invokeExact(fd);
            if (closed != 0) {
                throw new IllegalStateException("cannot close the descriptor of " + namespace);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing of its own", e);
        }
    }

    private static MethodHandle link(String function, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor, options);
    }
}
