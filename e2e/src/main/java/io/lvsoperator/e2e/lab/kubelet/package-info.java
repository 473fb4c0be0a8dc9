/**
 * The parts of the process kubelet: what a pod asks for as a plan (pure), and the few classes that carry it out. Unlike
 * everything else in the lab these parts imitate something, namely a kubelet and a container runtime, so each says what
 * it imitates.
 */
@NullMarked
package io.lvsoperator.e2e.lab.kubelet;

import org.jspecify.annotations.NullMarked;
