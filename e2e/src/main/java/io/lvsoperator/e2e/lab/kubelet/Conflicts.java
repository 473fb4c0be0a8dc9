package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.function.Supplier;

/**
 * Edits of objects that others write, too: controllers add labels, taints and status to a new object at any moment. A
 * conflict is no fault, the next read has it all.
 */
public final class Conflicts {

    /** So many in a row are a fault after all. */
    static final int LIMIT = 20;

    private Conflicts() {}

    /**
     * Makes the edit, again after each conflict.
     *
     * @param edit reads the object and writes it, such as fabric8's {@code edit} and {@code editStatus}
     * @throws KubernetesClientException what the API server said else, or the last conflict of {@value #LIMIT}
     */
    public static <T> T retried(Supplier<T> edit) {
        for (int attempt = 1; ; attempt++) {
            try {
                return edit.get();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == LIMIT) {
                    throw e;
                }
            }
        }
    }
}
