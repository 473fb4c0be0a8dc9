/** Which test holds us to which requirement of the VRRP RFCs, and how it went: {@code docs/reference/vrrp-conformance.md}. */
@NullMarked
package io.lvsoperator.e2e.conformance;

import org.jspecify.annotations.NullMarked;
