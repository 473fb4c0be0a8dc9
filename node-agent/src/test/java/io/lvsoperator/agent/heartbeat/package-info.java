@NullMarked
package io.lvsoperator.agent.heartbeat;

import org.jspecify.annotations.NullMarked;
