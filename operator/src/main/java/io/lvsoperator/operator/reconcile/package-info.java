/**
 * The edge to the API server: reconcilers, informers, and the few classes that write.
 */
@NullMarked
package io.lvsoperator.operator.reconcile;

import org.jspecify.annotations.NullMarked;
