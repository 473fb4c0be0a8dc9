@NullMarked
package io.lvsoperator.agent.nativeaccess;

import org.jspecify.annotations.NullMarked;
