/**
 * The operator's configuration, read once from the environment.
 */
@NullMarked
package io.lvsoperator.operator.config;

import org.jspecify.annotations.NullMarked;
