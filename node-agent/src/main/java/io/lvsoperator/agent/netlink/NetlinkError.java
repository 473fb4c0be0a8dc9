package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.Errno;

/**
 * The kernel's refusal of one request.
 *
 * @param operation what was asked, in words, for example {@code add TCP 192.0.2.100:80}
 * @param errno the positive error number
 * @param explanation the kernel's own words (extended ACK), or empty
 */
public record NetlinkError(String operation, int errno, String explanation) {
    public boolean is(Errno error) {
        return errno == error.number();
    }

    /** {@code add TCP 192.0.2.100:80: EEXIST}, followed by the kernel's words in brackets where it gave any. */
    @Override
    public String toString() {
        return operation + ": " + Errno.nameOf(errno) + (explanation.isEmpty() ? "" : " (" + explanation + ")");
    }
}
