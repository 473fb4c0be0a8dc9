/**
 * The kernel's IPVS table over generic netlink: what is in it, and the commands that change it.
 *
 * <p>{@link io.lvsoperator.agent.ipvs.Ipvs} is the way in. Identity (key), configuration and what the kernel counts are separate
 * records, so that desired and observed are compared by {@code equals}. Everything that others may have put into the table
 * decodes without loss, including what this agent never creates itself.
 */
@NullMarked
package io.lvsoperator.agent.ipvs;

import org.jspecify.annotations.NullMarked;
