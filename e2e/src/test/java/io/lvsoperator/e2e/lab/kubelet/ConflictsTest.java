package io.lvsoperator.e2e.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConflictsTest {
    private final AtomicInteger edits = new AtomicInteger();

    @Test
    void anEditIsMadeAgainAfterEachConflict() {
        assertThat(Conflicts.retried(() -> failing(2, 409))).isEqualTo("written");
        assertThat(edits).hasValue(3);
    }

    @Test
    void anythingElseIsAFaultAtOnce() {
        assertThatThrownBy(() -> Conflicts.retried(() -> failing(1, 403)))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(edits).hasValue(1);
    }

    @Test
    void conflictsWithoutEndAreAFault() {
        assertThatThrownBy(() -> Conflicts.retried(() -> failing(Integer.MAX_VALUE, 409)))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(edits).hasValue(Conflicts.LIMIT);
    }

    private String failing(int times, int code) {
        if (edits.incrementAndGet() <= times) {
            throw new KubernetesClientException(
                    new StatusBuilder().withCode(code).withMessage("refused").build());
        }
        return "written";
    }
}
