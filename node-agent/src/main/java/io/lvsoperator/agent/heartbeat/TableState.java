package io.lvsoperator.agent.heartbeat;

/**
 * What a director has applied of a fleet.
 *
 * @param digest of its mh tables; empty without such tables, and while they are being changed
 * @param resourceVersion of the slices; empty before the first
 */
public record TableState(String digest, String resourceVersion) {
    public static final TableState NONE = new TableState("", "");
}
