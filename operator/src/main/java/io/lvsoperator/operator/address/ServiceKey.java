package io.lvsoperator.operator.address;

/** Namespace and name of a VirtualService, and of its slice. */
public record ServiceKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
