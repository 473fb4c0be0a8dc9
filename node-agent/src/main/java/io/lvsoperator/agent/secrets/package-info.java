/** What the operator tells the directors of a fleet and nobody else. */
@NullMarked
package io.lvsoperator.agent.secrets;

import org.jspecify.annotations.NullMarked;
