@NullMarked
package io.lvsoperator.agent.link;

import org.jspecify.annotations.NullMarked;
