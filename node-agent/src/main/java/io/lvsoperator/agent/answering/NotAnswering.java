package io.lvsoperator.agent.answering;

import java.util.Optional;

/**
 * A real server that connections pile up at.
 *
 * @param waiting at least so many connections were seen to wait for it at once; rounded down, so that it seldom changes
 * @param all whether no new connection gets through to it, rather than some
 * @param clientsRepeat whether clients repeat their first packet, as they do when nothing at all comes back; they do not when
 *     they are refused. Empty when the kernel's counters cannot tell
 */
public record NotAnswering(RealServer realServer, long waiting, boolean all, Optional<Boolean> clientsRepeat) {

    @Override
    public String toString() {
        return "real server %s does not answer: at least %d connections wait in SYN_RECV, %s"
                .formatted(realServer, waiting, all ? "and no new one gets through" : "though some get through");
    }
}
