@NullMarked
package io.lvsoperator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
