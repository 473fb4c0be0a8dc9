@NullMarked
package io.lvsoperator.agent.management;

import org.jspecify.annotations.NullMarked;
