@NullMarked
package io.lvsoperator.agent.surroundings;

import org.jspecify.annotations.NullMarked;
