/** Tests of the Helm chart, by Helm itself (helm-java), without a cluster. */
@NullMarked
package io.lvsoperator.charts;

import org.jspecify.annotations.NullMarked;
