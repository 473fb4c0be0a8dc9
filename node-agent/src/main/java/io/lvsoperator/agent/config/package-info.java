/** The agent's configuration, from its environment. */
@NullMarked
package io.lvsoperator.agent.config;

import org.jspecify.annotations.NullMarked;
