/** Settings of the kernel as a whole: those below {@code /proc/sys/net} that have no netlink form, and the timeouts of IPVS. */
@NullMarked
package io.lvsoperator.agent.settings;

import org.jspecify.annotations.NullMarked;
