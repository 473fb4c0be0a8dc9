/** The kernel's table of connections, read and never changed. */
@NullMarked
package io.lvsoperator.agent.connections;

import org.jspecify.annotations.NullMarked;
