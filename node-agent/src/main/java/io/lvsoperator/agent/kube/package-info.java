/** The agent's side of the Kubernetes API: what is assigned to this node, and what it reports. */
@NullMarked
package io.lvsoperator.agent.kube;

import org.jspecify.annotations.NullMarked;
