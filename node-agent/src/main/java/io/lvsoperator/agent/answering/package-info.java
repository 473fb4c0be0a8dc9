/** Finds real servers that connections pile up at because they do not answer. */
@NullMarked
package io.lvsoperator.agent.answering;

import org.jspecify.annotations.NullMarked;
