/**
 * Netlink: the message codec, the request socket, and generic netlink families.
 *
 * <p>The codec is pure: messages are buffers, and what is wrong with one is a
 * {@link io.lvsoperator.agent.netlink.MalformedMessageException}, whatever the bytes are. Numbers are in host order except where
 * a name says otherwise. What happens on the socket is behind {@link io.lvsoperator.agent.netlink.Netlink}, so that the layers
 * above are tested without a kernel.
 */
@NullMarked
package io.lvsoperator.agent.netlink;

import org.jspecify.annotations.NullMarked;
