/** The operator as the chart installs it, on the control plane for tests. */
@NullMarked
package io.lvsoperator.e2e.installation;

import org.jspecify.annotations.NullMarked;
