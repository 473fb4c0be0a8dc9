package io.lvsoperator.e2e.lab.kubelet;

import io.lvsoperator.e2e.lab.kubelet.Plan.ContainerPlan;
import io.lvsoperator.e2e.lab.kubelet.Plan.Identity;
import io.lvsoperator.e2e.lab.kubelet.Plan.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line that stands for a container: the node's network namespace, a mount namespace of its own with the
 * volumes, the user, exactly the capabilities, exactly the environment. What a runtime does besides is missing: root file
 * system, process and user namespaces, seccomp, cgroups.
 */
final class Sandbox {

    private Sandbox() {}

    /**
     * The command line.
     *
     * @param volumes where each volume's content is on this machine
     */
    static List<String> commandLine(ContainerPlan container, NodeFacts node, Map<String, Path> volumes) {
        List<String> line = new ArrayList<>();
        // `ip netns exec` makes a mount namespace whose mounts do not propagate, with the /sys of the network
        // namespace.
        line.addAll(
                List.of("ip", "netns", "exec", node.namespace(), "sh", "-c", script(container, volumes), "container"));
        container.environment().forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(container.command());
        return line;
    }

    private static String script(ContainerPlan container, Map<String, Path> volumes) {
        StringBuilder script = new StringBuilder("set -e\n");
        if (container.readOnlyRoot()) {
            // Listed before the volumes are mounted: those stay writable.
            script.append("machine=$(awk '$2 !~ \"^/(proc|sys|dev)?(/|$)\" { print $2 }' /proc/mounts)\n");
        }
        Set<Path> hidden = hiddenByVolumes(container);
        if (!hidden.isEmpty()) {
            script.append("mount --rbind / /mnt\n");
        }
        for (Mount mount : container.mounts()) {
            Path source = volumes.get(mount.volume());
            if (source == null) {
                throw new IllegalArgumentException("volumeMount %s: no such volume".formatted(mount.volume()));
            }
            script.append("mount --bind %s %s%n".formatted(quoted(source.toString()), quoted(mount.path())));
            if (mount.readOnly()) {
                script.append(readOnly(quoted(mount.path())));
            }
        }
        for (Path path : hidden) {
            String directory = quoted(path.toString());
            script.append("mkdir -p %1$s%nmount --rbind /mnt%1$s %1$s%n".formatted(directory));
        }
        if (!hidden.isEmpty()) {
            script.append("umount --lazy /mnt\n");
        }
        if (!container.identity().privileged()) {
            // As in every container that is not privileged, with hostNetwork too.
            script.append("mount --bind /proc/sys /proc/sys\n");
            script.append(readOnly("/proc/sys")).append(readOnly("/sys"));
        }
        if (container.readOnlyRoot()) {
            script.append("for directory in $machine; do"
                    + " ! mountpoint -q \"$directory\" || mount -o remount,bind,ro \"$directory\"; done\n");
            script.append(readOnly("/"));
        }
        script.append("cd %s%n".formatted(quoted(container.workingDirectory())));
        script.append("exec %s env -i \"$@\"%n".formatted(setpriv(container.identity())));
        return script.toString();
    }

    /**
     * What stands for the image lies in this machine's file system, and a volume may be mounted over it: {@code /tmp}, when
     * the clone is below it. A real image has a root of its own, so such directories have to stay in sight.
     */
    private static Set<Path> hiddenByVolumes(ContainerPlan container) {
        Set<Path> hidden = new TreeSet<>();
        Stream.concat(container.command().stream(), container.environment().values().stream())
                .filter(text -> text.startsWith("/"))
                .map(Path::of)
                .filter(Files::exists)
                .forEach(path -> container.mounts().stream()
                        .map(mount -> Path.of(mount.path()))
                        .filter(mounted -> path.startsWith(mounted) && !path.equals(mounted))
                        .forEach(mounted -> hidden.add(
                                mounted.resolve(mounted.relativize(path).getName(0)))));
        return hidden;
    }

    private static String readOnly(String quotedPath) {
        return "mount -o remount,bind,ro %s%n".formatted(quotedPath);
    }

    /** Of a process that is root the bounding set is also the effective set after exec: capabilities(7). */
    private static String setpriv(Identity identity) {
        String bounding = identity.privileged() || identity.capabilities().contains(CapabilitySet.ALL)
                ? "+all"
                : identity.capabilities().stream()
                        .map(name -> "+" + name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",", "-all,", ""))
                        .replaceAll(",$", "");
        return "setpriv --reuid=%d --regid=%d --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=%s%s"
                .formatted(
                        identity.uid(), identity.gid(), bounding, identity.noNewPrivileges() ? " --no-new-privs" : "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
