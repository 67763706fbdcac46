package dev.ratchet.core.task;

import java.util.List;
import java.util.Set;

/**
 * Which hosts a task may send requests to. Address rules (no private networks, no metadata services) apply on top and
 * are not the package's to lift.
 *
 * @param anyPublicHost true for a package without {@code permissions.net}: every public host, every method
 * @param rules the declared rules, one of which must match; empty with {@code anyPublicHost} false means no network
 */
public record NetPermissions(boolean anyPublicHost, List<HostRule> rules) {
    /** A package that does not restrict itself. */
    public static final NetPermissions ANY_PUBLIC_HOST = new NetPermissions(true, List.of());

    /**
     * One permitted set of hosts.
     *
     * @param hostPattern a host name, {@code *.example.com} (any depth below, not the name itself) or {@code *};
     *     lower-case ASCII, without scheme, port or path
     * @param methods upper-case HTTP methods; empty means every method
     */
    public record HostRule(String hostPattern, Set<String> methods) {
        public HostRule {
            methods = Set.copyOf(methods);
        }

        /** Whether this rule covers {@code method} on the lower-case {@code host}. */
        public boolean permits(String host, String method) {
            return hostMatches(host) && (methods.isEmpty() || methods.contains(method));
        }

        private boolean hostMatches(String host) {
            if (hostPattern.equals("*")) {
                return true;
            }
            if (hostPattern.startsWith("*.")) {
                return host.length() > hostPattern.length() - 1 && host.endsWith(hostPattern.substring(1));
            }
            return hostPattern.equals(host);
        }
    }

    public NetPermissions {
        rules = List.copyOf(rules);
    }

    /** Whether a request with {@code method} to the lower-case {@code host} is covered. */
    public boolean permits(String host, String method) {
        return anyPublicHost || rules.stream().anyMatch(rule -> rule.permits(host, method));
    }
}
