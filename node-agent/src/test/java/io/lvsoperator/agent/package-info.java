@NullMarked
package io.lvsoperator.agent;

import org.jspecify.annotations.NullMarked;
