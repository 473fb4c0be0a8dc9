package io.lvsoperator.agent.heartbeat.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.List;
import java.util.Optional;

/**
 * What one director tells another.
 *
 * @param fleet name of the fleet that both direct
 * @param from node that sends it
 * @param to node that it is for
 * @param mark of this datagram
 * @param heard the newest datagram of {@code to} that belongs to a session which has proved to be there now
 * @param greeted the newest one of a session that has not proved it yet; {@link Mark#NONE} mostly
 * @param fenced whether the sender's reconcile loop is stuck, so that another one should serve
 * @param routers its virtual routers
 * @param tables digest of its mh tables; empty without such tables, and while they are being changed
 * @param resourceVersion of the slices that it has applied; empty before the first
 */
public record Heartbeat(
        String fleet,
        String from,
        String to,
        Mark mark,
        Mark heard,
        Mark greeted,
        boolean fenced,
        List<Router> routers,
        String tables,
        String resourceVersion) {

    /** The most routers that fit: one of each family, and room to grow. */
    public static final int MAX_ROUTERS = 16;

    /**
     * One virtual router of the sender.
     *
     * @param priority that it advertises, 1 to 254
     */
    public record Router(AddressFamily family, int virtualRouterId, VirtualRouterState state, int priority) {}

    /** Copies the list. */
    public Heartbeat {
        routers = List.copyOf(routers);
    }

    /** The router of a family. */
    public Optional<Router> router(AddressFamily family) {
        return routers.stream().filter(router -> router.family() == family).findFirst();
    }
}
