@NullMarked
package io.lvsoperator.agent.answering;

import org.jspecify.annotations.NullMarked;
