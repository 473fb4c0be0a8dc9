/** A kernel in memory, for tests: it refuses what the real one refuses. */
@NullMarked
package io.lvsoperator.agent.kernel;

import org.jspecify.annotations.NullMarked;
