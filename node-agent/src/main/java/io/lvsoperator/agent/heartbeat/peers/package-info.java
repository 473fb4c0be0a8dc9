/** What is known of the other directors. Pure: an event and the time in, a new state out. */
@NullMarked
package io.lvsoperator.agent.heartbeat.peers;

import org.jspecify.annotations.NullMarked;
