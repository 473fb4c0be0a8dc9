@NullMarked
package io.lvsoperator.e2e.vrrp;

import org.jspecify.annotations.NullMarked;
