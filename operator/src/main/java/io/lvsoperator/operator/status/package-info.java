/**
 * Conditions and status of fleets and services, from an injected clock.
 */
@NullMarked
package io.lvsoperator.operator.status;

import org.jspecify.annotations.NullMarked;
