@NullMarked
package io.lvsoperator.agent.plan;

import org.jspecify.annotations.NullMarked;
