@NullMarked
package io.lvsoperator.e2e.lab;

import org.jspecify.annotations.NullMarked;
