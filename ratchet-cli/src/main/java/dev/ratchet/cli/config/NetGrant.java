package dev.ratchet.cli.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The form of a host that an operator grants: a name or an address, nothing around it. */
public final class NetGrant {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("\\[?[0-9A-Fa-f:.]{2,45}\\]?");

    private NetGrant() {}

    /** What is wrong with {@code host}; empty when it can be granted. */
    public static Optional<String> fault(String host) {
        boolean ipv6 = (host.contains("::") || host.startsWith("["))
                && IPV6.matcher(host).matches();
        if (ipv6 || HOST.matcher(host).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                "'" + host + "' is no host; accepted: a host name or an IP address, without scheme, port or path");
    }
}
