/**
 * Health and metrics over HTTP.
 */
@NullMarked
package io.lvsoperator.operator.management;

import org.jspecify.annotations.NullMarked;
