package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;

/** Hears of every change of state, on the VRRP thread: it must return at once and throw nothing. */
@FunctionalInterface
public interface TransitionListener {

    void changed(RouterKey router, ReportTransition transition);

    /** The reconcile loop was found stuck, or goes on again. */
    default void fenced(boolean stuck) {}
}
