package io.lvsoperator.e2e.controlplane;

/** The processes that a control plane is made of. */
public enum Component {
    ETCD("etcd"),
    KUBE_APISERVER("kube-apiserver"),
    KUBE_CONTROLLER_MANAGER("kube-controller-manager"),
    KUBE_SCHEDULER("kube-scheduler");

    private final String processName;

    Component(String processName) {
        this.processName = processName;
    }

    /** Its name as a process, in the control plane's flags and in its log's name. */
    public String processName() {
        return processName;
    }
}
