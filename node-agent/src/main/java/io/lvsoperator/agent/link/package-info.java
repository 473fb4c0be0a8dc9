/**
 * Interfaces, their addresses and their IPv4 settings over rtnetlink.
 *
 * <p>{@link io.lvsoperator.agent.link.Links} lists and changes them, {@link io.lvsoperator.agent.link.LinkMonitor} tells when
 * somebody changes them. The settings are the ones of {@code /proc/sys/net/ipv4/conf}, without needing that to be writable.
 */
@NullMarked
package io.lvsoperator.agent.link;

import org.jspecify.annotations.NullMarked;
