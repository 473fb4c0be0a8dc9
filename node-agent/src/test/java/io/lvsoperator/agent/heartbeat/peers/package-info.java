@NullMarked
package io.lvsoperator.agent.heartbeat.peers;

import org.jspecify.annotations.NullMarked;
