@NullMarked
package io.lvsoperator.e2e.chart;

import org.jspecify.annotations.NullMarked;
