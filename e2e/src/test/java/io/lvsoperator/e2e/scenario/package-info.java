@NullMarked
package io.lvsoperator.e2e.scenario;

import org.jspecify.annotations.NullMarked;
