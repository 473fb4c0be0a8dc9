/** The operator on the real API server, with agents that are played by hand. */
@NullMarked
package io.lvsoperator.e2e.operator;

import org.jspecify.annotations.NullMarked;
