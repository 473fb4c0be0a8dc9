package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.operator.compile.CompiledService;
import io.lvsoperator.operator.compile.Refusal;
import io.lvsoperator.operator.rollout.SliceProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the status of a service is made of.
 *
 * @param deleting whether the service is being deleted
 * @param refusal why it is not accepted; null when it is
 * @param compiled its real servers; null when there is no fleet to compile for
 * @param slice as it stands; null when there is none
 * @param progress of the nodes with that slice; null when there is none
 * @param silent its real servers that do not answer
 */
public record ServiceObservation(
        VirtualServiceSpec spec,
        long generation,
        boolean deleting,
        @Nullable Refusal refusal,
        @Nullable CompiledService compiled,
        @Nullable VirtualServerSliceSpec slice,
        @Nullable SliceProgress progress,
        ActiveDirectors active,
        List<SilentRealServer> silent) {}
