@NullMarked
package io.lvsoperator.agent.ipvs;

import org.jspecify.annotations.NullMarked;
