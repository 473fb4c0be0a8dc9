package io.lvsoperator.e2e.controlplane;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of this class get a {@link ControlPlane} or a {@link io.fabric8.kubernetes.client.KubernetesClient} of its
 * administrator as parameters. All test classes of a JVM share one control plane, so each test takes a namespace, and
 * names of cluster-wide objects, of its own.
 */
@Inherited
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
public @interface WithControlPlane {}
