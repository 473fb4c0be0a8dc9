package io.lvsoperator.e2e.lab.kubelet;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The images that a node has.
 *
 * @param byRepository by repository without tag and digest, as in {@code registry.example/lvs-operator/node-agent}
 */
public record Images(Map<String, Image> byRepository) {

    public Images {
        byRepository = Map.copyOf(byRepository);
    }

    /** The image of a reference, whatever its tag or digest. */
    Optional<Image> find(String reference) {
        return Optional.ofNullable(byRepository.get(repository(reference)));
    }

    String names() {
        return String.join(", ", new TreeSet<>(byRepository.keySet()));
    }

    /** A colon after the last slash begins the tag; one before it belongs to the registry's port. */
    static String repository(String reference) {
        int digest = reference.indexOf('@');
        String tagged = digest < 0 ? reference : reference.substring(0, digest);
        int tag = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
        return tag < 0 ? tagged : tagged.substring(0, tag);
    }
}
