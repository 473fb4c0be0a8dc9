package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;

/** What to do with a slice now. */
public sealed interface Step {
    /** The slice is as it must be until a node has made progress or the target changes. */
    record Stay() implements Step {}

    /** Write this. */
    record Write(VirtualServerSliceSpec slice) implements Step {}

    /** No node holds anything of it: delete the slice. */
    record Delete() implements Step {}

    /** There is no slice and none is wanted. */
    record Gone() implements Step {}
}
