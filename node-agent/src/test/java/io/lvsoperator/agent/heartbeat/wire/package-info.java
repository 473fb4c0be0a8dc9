@NullMarked
package io.lvsoperator.agent.heartbeat.wire;

import org.jspecify.annotations.NullMarked;
