package io.lvsoperator.e2e.controlplane;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a control plane is started.
 *
 * @param directory its state directory: new, empty, or one of an earlier control plane; logs stay in its {@code logs}
 * @param bind address that the API server listens on
 * @param alternativeAddresses other addresses by which clients reach the API server, for its certificate
 * @param audit whether the API server writes an audit log (level Metadata) to {@code logs/audit.log}
 * @param arguments arguments for the components, after ours, so that they win
 */
public record ControlPlaneOptions(
        Path directory,
        InetAddress bind,
        List<InetAddress> alternativeAddresses,
        boolean audit,
        List<ComponentArgument> arguments) {

    /** One argument of one component, such as {@code --node-monitor-grace-period=5s}. */
    public record ComponentArgument(Component component, String argument) {}

    public ControlPlaneOptions {
        alternativeAddresses = List.copyOf(alternativeAddresses);
        arguments = List.copyOf(arguments);
    }

    /** On loopback, with the components' defaults. */
    public static ControlPlaneOptions in(Path directory) {
        return new ControlPlaneOptions(directory, InetAddress.ofLiteral("127.0.0.1"), List.of(), false, List.of());
    }

    public ControlPlaneOptions withBind(InetAddress address) {
        return new ControlPlaneOptions(directory, address, alternativeAddresses, audit, arguments);
    }

    public ControlPlaneOptions withAlternativeAddresses(List<InetAddress> addresses) {
        return new ControlPlaneOptions(directory, bind, addresses, audit, arguments);
    }

    public ControlPlaneOptions withAudit() {
        return new ControlPlaneOptions(directory, bind, alternativeAddresses, true, arguments);
    }

    public ControlPlaneOptions withArgument(Component component, String argument) {
        List<ComponentArgument> more = new ArrayList<>(arguments);
        more.add(new ComponentArgument(component, argument));
        return new ControlPlaneOptions(directory, bind, alternativeAddresses, audit, more);
    }

    /** The command line of {@code control-plane up} for these options. */
    List<String> commandLine() {
        List<String> line = new ArrayList<>(
                List.of("up", "--stop-with-stdin", "--dir=" + directory, "--bind=" + bind.getHostAddress()));
        alternativeAddresses.forEach(address -> line.add("--san=" + address.getHostAddress()));
        if (audit) {
            line.add("--audit");
        }
        arguments.forEach(each -> line.add("--" + each.component().processName() + "-arg=" + each.argument()));
        return line;
    }
}
