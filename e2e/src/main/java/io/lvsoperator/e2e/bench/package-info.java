/** The speed of the IPVS engine beside that of others, in the same run; {@code scripts/bench} starts it. */
@NullMarked
package io.lvsoperator.e2e.bench;

import org.jspecify.annotations.NullMarked;
