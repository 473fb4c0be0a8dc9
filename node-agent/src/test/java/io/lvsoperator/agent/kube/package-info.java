@NullMarked
package io.lvsoperator.agent.kube;

import org.jspecify.annotations.NullMarked;
