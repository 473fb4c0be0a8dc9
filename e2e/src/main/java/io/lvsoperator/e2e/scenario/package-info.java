/** A fleet in the lab: directors, real servers and a client, run by the operator that is installed. */
@NullMarked
package io.lvsoperator.e2e.scenario;

import org.jspecify.annotations.NullMarked;
