/** The control plane for tests, tested. */
@NullMarked
package io.lvsoperator.e2e.controlplane;

import org.jspecify.annotations.NullMarked;
