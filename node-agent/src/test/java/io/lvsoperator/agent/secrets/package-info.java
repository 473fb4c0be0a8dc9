@NullMarked
package io.lvsoperator.agent.secrets;

import org.jspecify.annotations.NullMarked;
