/**
 * What has to be done: desired state and what was observed in the kernel, compared. Pure: nothing here touches the kernel.
 */
@NullMarked
package io.lvsoperator.agent.plan;

import org.jspecify.annotations.NullMarked;
