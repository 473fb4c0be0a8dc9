package io.lvsoperator.agent.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C functions that the agent calls, each as a static method that turns -1 into a {@link NativeException}.
 *
 * <p>None of them is variadic, so their plain descriptors are right on every architecture. {@code errno} is captured per thread,
 * right at the call: another thread, or the JVM itself, cannot overwrite it.
 */
@SuppressWarnings("restricted") // this class is what the launcher's --enable-native-access is for
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = link("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = link("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            link("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDTO =
            link("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMSG = link("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            link("recvmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle PPOLL = link("ppoll", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle EVENTFD = link("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = link("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = link("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);

    private Libc() {}

    static int socket(int domain, int type, int protocol) throws NativeException {
        return (int) call("socket", errno -> (int) SOCKET.invokeExact(errno, domain, type, protocol));
    }

    static void bind(int fd, MemorySegment address) throws NativeException {
        call("bind", errno -> (int) BIND.invokeExact(errno, fd, address, (int) address.byteSize()));
    }

    static void getsockname(int fd, MemorySegment address, MemorySegment length) throws NativeException {
        call("getsockname", errno -> (int) GETSOCKNAME.invokeExact(errno, fd, address, length));
    }

    static void setsockopt(int fd, SocketOption option, MemorySegment value) throws NativeException {
        call("setsockopt(" + option + ")", errno -> (int) SETSOCKOPT.invokeExact(
                errno, fd, option.level().number(), option.number(), value, (int) value.byteSize()));
    }

    static long sendto(int fd, MemorySegment data, long length, MemorySegment address, int addressLength)
            throws NativeException {
        return call("sendto", errno -> (long) SENDTO.invokeExact(errno, fd, data, length, 0, address, addressLength));
    }

    static long recvmsg(int fd, MemorySegment header) throws NativeException {
        return call("recvmsg", errno -> (long) RECVMSG.invokeExact(errno, fd, header, 0));
    }

    static int recvmmsg(int fd, MemorySegment headers, int count) throws NativeException {
        return (int)
                call("recvmmsg", errno -> (int) RECVMMSG.invokeExact(errno, fd, headers, count, 0, MemorySegment.NULL));
    }

    static int ppoll(MemorySegment descriptors, long count, MemorySegment timeout) throws NativeException {
        return (int)
                call("ppoll", errno -> (int) PPOLL.invokeExact(errno, descriptors, count, timeout, MemorySegment.NULL));
    }

    static int eventfd(int flags) throws NativeException {
        return (int) call("eventfd", errno -> (int) EVENTFD.invokeExact(errno, 0, flags));
    }

    static long read(int fd, MemorySegment into) throws NativeException {
        return call("read", errno -> (long) READ.invokeExact(errno, fd, into, into.byteSize()));
    }

    static long write(int fd, MemorySegment from) throws NativeException {
        return call("write", errno -> (long) WRITE.invokeExact(errno, fd, from, from.byteSize()));
    }

    static void close(int fd) throws NativeException {
        call("close", errno -> (int) CLOSE.invokeExact(errno, fd));
    }

    @FunctionalInterface
    private interface Call {
        long invoke(MemorySegment errno) throws Throwable;
    }

    private static long call(String name, Call call) throws NativeException {
        var captured = CAPTURED.get();
        long result;
        try {
            result = call.invoke(captured);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing of its own", e);
        }
        if (result == -1) {
            throw new NativeException(name, (int) ERRNO.get(captured, 0L));
        }
        return result;
    }

    private static MethodHandle link(String function, MemoryLayout result, MemoryLayout... arguments) {
        var symbol = LINKER.defaultLookup().findOrThrow(function);
        return LINKER.downcallHandle(
                symbol, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }
}
