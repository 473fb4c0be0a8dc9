/** What else on a director works against its services: kube-proxy and the firewall. Pure. */
@NullMarked
package io.lvsoperator.agent.surroundings;

import org.jspecify.annotations.NullMarked;
