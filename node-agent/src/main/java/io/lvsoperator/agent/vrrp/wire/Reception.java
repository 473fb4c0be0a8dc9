package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ChecksumForm;

/** What came of a received packet. */
public sealed interface Reception {

    /**
     * A valid advertisement for one of our virtual routers.
     *
     * @param checksumForm the form that matched; {@link ChecksumForm#RFC9568} for IPv6
     */
    record Accepted(Advertisement advertisement, IpAddress source, ChecksumForm checksumForm) implements Reception {}

    /**
     * A packet that must have no effect but a count.
     *
     * @param virtualRouterId as far as it could be read, 0 before that
     */
    record Dropped(DropReason reason, int virtualRouterId) implements Reception {}
}
