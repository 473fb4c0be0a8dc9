package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;

/** Hears of every change of state, on the VRRP thread: it must return at once and throw nothing. */
@FunctionalInterface
public interface TransitionListener {

    void changed(RouterKey router, ReportTransition transition);
}
