package io.lvsoperator.agent.netlink;

import java.util.List;
import java.util.Optional;

/** Requests to one netlink family of the kernel. Implementations serve one request at a time and may be shared by threads. */
public interface Netlink extends AutoCloseable {
    /**
     * Has a request executed and acknowledged.
     *
     * @throws RefusedException when the kernel says no
     */
    void execute(NetlinkRequest request) throws NetlinkException;

    /**
     * Has requests executed in order, many to a datagram; a refused one does not stop the others.
     *
     * @return for each request, in the same order, the refusal, or empty when it was done
     * @throws NoAnswerException when it is unknown which were done
     */
    List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> requests) throws NetlinkException;

    /**
     * Sends requests in one datagram, for a family that executes all of them or none (nfnetlink).
     *
     * @param requests the first and the last of them enclose the others and are not acknowledged
     * @throws RefusedException the first refusal: nothing was done
     */
    void executeTogether(List<NetlinkRequest> requests) throws NetlinkException;

    /**
     * Asks for one thing.
     *
     * @throws RefusedException when the kernel says no
     */
    <T> T query(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException;

    /**
     * Lists everything, again from the start when the kernel says that it changed meanwhile.
     *
     * @throws DumpInterruptedException when it changed each time
     * @throws RefusedException when the kernel says no
     */
    <T> List<T> dump(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException;

    /**
     * As {@link #dump(NetlinkRequest, MessageDecoder)}, of what was listed before.
     *
     * @param latest the answer to the same request, which becomes the new one
     * @return the very list of the last time when the kernel gave the same answer
     */
    <T> List<T> dump(NetlinkRequest request, LatestAnswer<T> latest) throws NetlinkException;

    @Override
    void close();
}
