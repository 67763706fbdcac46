package dev.ratchet.server.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which names mean this machine and nothing else. Only literals count: a name that is looked up can be made to point
 * anywhere (DNS rebinding).
 */
public final class Loopback {
    private static final Pattern IPV4 = Pattern.compile("127(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern OCTETS = Pattern.compile("\\.");

    private Loopback() {}

    /**
     * Whether a host is this machine.
     *
     * @param host {@code localhost}, a name that ends in {@code .localhost} (RFC 6761), an address of 127.0.0.0/8 or
     *     {@code ::1}, the latter with or without brackets
     */
    public static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.equals("::1") || name.equals("0:0:0:0:0:0:0:1")) {
            return true;
        }
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        if (!IPV4.matcher(name).matches()) {
            return false;
        }
        for (String octet : OCTETS.split(name, -1)) {
            if (Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }
}
