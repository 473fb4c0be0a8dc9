/**
 * The agent's only door to the C library: sockets, polling and wake-ups through {@code java.lang.foreign}.
 *
 * <p>Nothing outside this package sees a memory segment, a file descriptor number or {@code errno} as a side channel: callers pass
 * and get arrays, buffers and records, and failures are {@link io.lvsoperator.agent.nativeaccess.NativeException}s. Every number
 * taken from a C header carries its C name and is compared with that header by the ABI audit (see
 * {@link io.lvsoperator.agent.nativeaccess.CHeader}).
 *
 * <p>A native call pins a virtual thread's carrier, so use this from platform threads. No call blocks except
 * {@link io.lvsoperator.agent.nativeaccess.Poller#await}, which a {@link io.lvsoperator.agent.nativeaccess.WakeUp} ends.
 */
@NullMarked
package io.lvsoperator.agent.nativeaccess;

import org.jspecify.annotations.NullMarked;
