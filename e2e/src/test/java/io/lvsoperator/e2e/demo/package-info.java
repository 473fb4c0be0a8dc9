@NullMarked
package io.lvsoperator.e2e.demo;

import org.jspecify.annotations.NullMarked;
