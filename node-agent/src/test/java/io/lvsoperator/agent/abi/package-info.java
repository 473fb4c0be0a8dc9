/** Compares the numbers that the agent takes from C headers with the headers of this machine. */
@NullMarked
package io.lvsoperator.agent.abi;

import org.jspecify.annotations.NullMarked;
