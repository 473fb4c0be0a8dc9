package io.lvsoperator.e2e.lab.kubelet;

import java.util.List;
import java.util.Map;

/**
 * What stands for a container image: programs of this machine.
 *
 * @param entrypoint the command where the container names none; its args are appended
 * @param environment the variables that the image sets
 */
public record Image(List<String> entrypoint, Map<String, String> environment) {

    public Image {
        entrypoint = List.copyOf(entrypoint);
        environment = Map.copyOf(environment);
    }
}
