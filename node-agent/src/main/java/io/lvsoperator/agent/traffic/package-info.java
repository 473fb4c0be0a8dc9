/** What the kernel counted for our services, as Prometheus series. */
@NullMarked
package io.lvsoperator.agent.traffic;

import org.jspecify.annotations.NullMarked;
