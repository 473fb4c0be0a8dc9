@NullMarked
package io.lvsoperator.agent.vrrp;

import org.jspecify.annotations.NullMarked;
