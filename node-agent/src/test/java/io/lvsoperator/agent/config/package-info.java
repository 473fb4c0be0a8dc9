@NullMarked
package io.lvsoperator.agent.config;

import org.jspecify.annotations.NullMarked;
