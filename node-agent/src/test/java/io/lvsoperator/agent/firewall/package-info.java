@NullMarked
package io.lvsoperator.agent.firewall;

import org.jspecify.annotations.NullMarked;
