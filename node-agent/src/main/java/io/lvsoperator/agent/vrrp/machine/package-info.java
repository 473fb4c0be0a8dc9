/**
 * The VRRP state machine of RFC 9568 section 6.4 for one virtual router: an event and the time go in, the new state and an
 * ordered list of actions come out. Pure: no clock, no socket, no thread.
 *
 * <p>All times are nanoseconds of one monotonic clock of unknown origin that may wrap, so they are only ever subtracted.
 */
@NullMarked
package io.lvsoperator.agent.vrrp.machine;

import org.jspecify.annotations.NullMarked;
