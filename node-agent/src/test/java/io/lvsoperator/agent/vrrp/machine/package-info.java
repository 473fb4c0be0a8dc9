@NullMarked
package io.lvsoperator.agent.vrrp.machine;

import org.jspecify.annotations.NullMarked;
