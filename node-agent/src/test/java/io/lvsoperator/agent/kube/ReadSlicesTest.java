package io.lvsoperator.agent.kube;

import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReadSlicesTest {
    private final ReadSlices slices = new ReadSlices();

    @Test
    void slicesAreInTheOrderOfTheirNames() {
        assertThat(names(slices.read("1", List.of(slice("c", 1), slice("a", 1), slice("b", 1)))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void onlyTheOneThatWasReplacedIsAnotherObject() {
        VirtualServerSlice a = slice("a", 1);
        VirtualServerSlice c = slice("c", 1);
        Assignment.FleetSlices before = slices.read("1", List.of(c, slice("b", 1), a));

        Assignment.FleetSlices after = slices.read("2", List.of(a, slice("b", 2), c));

        assertThat(after.resourceVersion()).isEqualTo("2");
        assertThat(after.slices().get(0)).isSameAs(before.slices().get(0));
        assertThat(after.slices().get(1)).isNotEqualTo(before.slices().get(1));
        assertThat(after.slices().get(2)).isSameAs(before.slices().get(2));
    }

    @Test
    void whateverComesAndGoesTheOutcomeIsAsIfItWereReadForTheFirstTime() {
        Random random = new Random(7);
        Map<String, VirtualServerSlice> store = new TreeMap<>();
        for (int round = 0; round < 300; round++) {
            for (int change = random.nextInt(4); change > 0; change--) {
                String name = "s" + random.nextInt(12);
                if (random.nextInt(3) == 0) {
                    store.remove(name);
                } else {
                    store.put(name, slice(name, random.nextInt(5)));
                }
            }
            List<VirtualServerSlice> listed = new ArrayList<>(store.values());
            Collections.shuffle(listed, random);

            assertThat(slices.read("v" + round, listed)).isEqualTo(new ReadSlices().read("v" + round, listed));
        }
    }

    private static List<String> names(Assignment.FleetSlices read) {
        return read.slices().stream().map(slice -> slice.name().name()).toList();
    }

    private static VirtualServerSlice slice(String name, int weight) {
        VirtualServerSlice slice = new VirtualServerSlice();
        slice.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        slice.setSpec(dr("192.0.2.100", at("192.0.2.21", weight)));
        return slice;
    }
}
