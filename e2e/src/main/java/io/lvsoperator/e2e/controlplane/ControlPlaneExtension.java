package io.lvsoperator.e2e.controlplane;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Starts the shared control plane before the first class that wants it; see {@link WithControlPlane}. */
public final class ControlPlaneExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, TestWatcher, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(ControlPlaneExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        shared(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        shared(context).controlPlane().requireAlive();
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        reportFailure(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        context.getExecutionException().ifPresent(cause -> reportFailure(context));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ControlPlane.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ControlPlane controlPlane = shared(context).controlPlane();
        return parameter.getParameter().getType() == ControlPlane.class ? controlPlane : controlPlane.client();
    }

    /** Only of one that started: the failure may be that it did not. */
    private static void reportFailure(ExtensionContext context) {
        SharedControlPlane started = store(context).get(SharedControlPlane.class, SharedControlPlane.class);
        if (started != null) {
            started.testFailed(
                    context.getTestClass().map(Class::getSimpleName).orElse("") + " " + context.getDisplayName());
        }
    }

    private static SharedControlPlane shared(ExtensionContext context) {
        return store(context)
                .computeIfAbsent(
                        SharedControlPlane.class,
                        key -> SharedControlPlane.attachOrStart(context),
                        SharedControlPlane.class);
    }

    /** The store of the launcher session lasts as long as the JVM runs tests, and closes what it holds. */
    private static Store store(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
    }
}
