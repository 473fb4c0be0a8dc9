package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.e2e.lab.Capture;
import io.lvsoperator.e2e.lab.Host;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The VRRP packets that reach a bystander's interface. */
final class Adverts implements AutoCloseable {

    /** Time, source MAC, and what tcpdump makes of the message. */
    private static final Pattern LINE =
            Pattern.compile("^(\\d+\\.\\d+) (\\S+) > .*?: (\\S+) > \\S+: .*?prio (\\d+),.*$");

    private final Capture capture;

    /** One advertisement as tcpdump saw it. */
    record Advert(double seconds, String mac, int priority) {}

    private Adverts(Capture capture) {
        this.capture = capture;
    }

    static Adverts at(Host bystander) {
        return new Adverts(bystander.capture(Host.INTERFACE, "ip proto 112 or ip6 proto 112"));
    }

    List<Advert> seen() {
        return capture.packets().stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line ->
                        new Advert(Double.parseDouble(line.group(1)), line.group(2), Integer.parseInt(line.group(4))))
                .toList();
    }

    /** The MAC addresses of all senders. */
    Set<String> senders() {
        return seen().stream().map(Advert::mac).collect(Collectors.toSet());
    }

    /** The longest time between two of them, in seconds. */
    double longestGap() {
        List<Advert> adverts = seen();
        double longest = 0;
        for (int i = 1; i < adverts.size(); i++) {
            longest = Math.max(
                    longest, adverts.get(i).seconds() - adverts.get(i - 1).seconds());
        }
        return longest;
    }

    /** Every packet as tcpdump wrote it. */
    List<String> lines() {
        return capture.packets();
    }

    @Override
    public void close() {
        capture.close();
    }
}
