/** A real Kubernetes control plane for tests: started once per JVM from the binary of {@code e2e/control-plane}, or attached to. */
@NullMarked
package io.lvsoperator.e2e.controlplane;

import org.jspecify.annotations.NullMarked;
