package io.lvsoperator.agent.connections;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A line of {@code /proc/net/ip_vs_conn}, as {@code ip_vs_conn_seq_show} of net/netfilter/ipvs/ip_vs_conn.c writes it:
 * protocol; address and port of client, VIP and real server in hexadecimal; state; seconds until it expires; and the
 * persistence engine with its data, where there is one. The real server may be of another family than the rest.
 */
final class ConnectionLine {
    private static final String HEADER = "Pro ";
    private static final int IPV4_DIGITS = 8;
    private static final int IPV6_LENGTH = 39;
    private static final int HEXADECIMAL = 16;
    private static final int FIELDS = 9;
    private static final int LARGEST_PORT = 0xffff;

    private ConnectionLine() {}

    /** The first line of the table, which names its columns. */
    static boolean isHeader(String line) {
        return line.startsWith(HEADER);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Connection parse(String line) {
        String[] fields = line.trim().split(" +", -1);
        if (fields.length < FIELDS) {
            throw new IllegalArgumentException("has " + fields.length + " fields instead of " + FIELDS);
        }
        return new Connection(
                fields[0],
                endpoint(fields[1], fields[2]),
                endpoint(fields[3], fields[4]),
                endpoint(fields[5], fields[6]),
                fields[7],
                Long.parseLong(fields[8]),
                fields.length > FIELDS ? Optional.of(fields[FIELDS]) : Optional.empty());
    }

    private static Endpoint endpoint(String address, String port) {
        int number = Integer.parseInt(port, HEXADECIMAL);
        if (number < 0 || number > LARGEST_PORT) {
            throw new IllegalArgumentException("port " + port + " is out of range");
        }
        return new Endpoint(address(address), number);
    }

    /** Eight digits, or eight groups of four between colons. */
    private static IpAddress address(String text) {
        boolean ipv4 = text.length() == IPV4_DIGITS;
        if (!ipv4 && (text.length() != IPV6_LENGTH || text.indexOf(':') < 0)) {
            throw new IllegalArgumentException("'" + text + "' is no address");
        }
        return IpAddress.of(HexFormat.of().parseHex(ipv4 ? text : text.replace(":", "")));
    }
}
