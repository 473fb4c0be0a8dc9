/**
 * The API group {@code lvs-operator.io/v1alpha1}. {@link io.lvsoperator.api.v1alpha1.VirtualService} and
 * {@link io.lvsoperator.api.v1alpha1.DirectorFleet} are written by people;
 * {@link io.lvsoperator.api.v1alpha1.VirtualServerSlice} and {@link io.lvsoperator.api.v1alpha1.LvsNode} by machines.
 */
@NullMarked
package io.lvsoperator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
