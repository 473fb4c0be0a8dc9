@NullMarked
package io.lvsoperator.agent.connections;

import org.jspecify.annotations.NullMarked;
