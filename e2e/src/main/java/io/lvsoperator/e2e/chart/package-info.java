/** The Helm chart, installed on a real API server. */
@NullMarked
package io.lvsoperator.e2e.chart;

import org.jspecify.annotations.NullMarked;
