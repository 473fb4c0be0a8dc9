@NullMarked
package io.lvsoperator.agent.apply;

import org.jspecify.annotations.NullMarked;
