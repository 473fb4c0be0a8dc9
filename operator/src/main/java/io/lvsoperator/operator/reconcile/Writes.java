package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lvsoperator.api.v1alpha1.Api;

/** How the operator writes. */
final class Writes {
    private Writes() {}

    /** Server-side apply; forced, since what the operator owns nobody else has a say in. */
    static PatchContext apply() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(Api.OPERATOR_FIELD_MANAGER)
                .withForce(true)
                .build();
    }

    /** A patch of single fields of somebody else's object. */
    static PatchContext merge() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(Api.OPERATOR_FIELD_MANAGER)
                .build();
    }
}
