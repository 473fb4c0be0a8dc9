@NullMarked
package io.lvsoperator.agent.traffic;

import org.jspecify.annotations.NullMarked;
