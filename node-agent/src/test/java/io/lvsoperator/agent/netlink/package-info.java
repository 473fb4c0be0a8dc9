@NullMarked
package io.lvsoperator.agent.netlink;

import org.jspecify.annotations.NullMarked;
