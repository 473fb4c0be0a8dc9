/** What survives the agent on disk: the last assignment and the ledger of what it put into the kernel. */
@NullMarked
package io.lvsoperator.agent.state;

import org.jspecify.annotations.NullMarked;
