/** {@code make demo}: the main job, shown to a person. */
@NullMarked
package io.lvsoperator.e2e.demo;

import org.jspecify.annotations.NullMarked;
