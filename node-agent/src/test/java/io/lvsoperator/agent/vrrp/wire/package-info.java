@NullMarked
package io.lvsoperator.agent.vrrp.wire;

import org.jspecify.annotations.NullMarked;
