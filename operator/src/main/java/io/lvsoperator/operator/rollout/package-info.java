/**
 * The order between real servers and directors, as a function from one slice to the next. Pure: imports no Kubernetes client.
 */
@NullMarked
package io.lvsoperator.operator.rollout;

import org.jspecify.annotations.NullMarked;
