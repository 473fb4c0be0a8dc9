@NullMarked
package io.lvsoperator.agent.desired;

import org.jspecify.annotations.NullMarked;
