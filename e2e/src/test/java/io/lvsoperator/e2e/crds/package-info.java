/** The CRDs on a real API server. */
@NullMarked
package io.lvsoperator.e2e.crds;

import org.jspecify.annotations.NullMarked;
