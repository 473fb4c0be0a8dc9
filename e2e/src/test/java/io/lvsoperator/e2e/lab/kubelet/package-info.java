@NullMarked
package io.lvsoperator.e2e.lab.kubelet;

import org.jspecify.annotations.NullMarked;
