@NullMarked
package io.lvsoperator.agent.state;

import org.jspecify.annotations.NullMarked;
