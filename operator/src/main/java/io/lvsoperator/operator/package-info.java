/**
 * The operator: starts the parts and stops them.
 */
@NullMarked
package io.lvsoperator.operator;

import org.jspecify.annotations.NullMarked;
