package dev.ratchet.execution.delivery;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * Which webhooks may leave the public internet ({@code output.security}). The metadata services of clouds stay out of
 * reach whatever is set.
 *
 * @param allowLocalhost whether this machine may be reached
 * @param allowPrivateNetwork whether private and link-local networks may be reached
 * @param allowedDomains lower-case names that may be reached wherever they lead, their subdomains included
 */
public record WebhookSecurity(boolean allowLocalhost, boolean allowPrivateNetwork, Set<String> allowedDomains) {
    /** Public addresses only. */
    public static final WebhookSecurity STRICT = new WebhookSecurity(false, false, Set.of());

    /** How an operator lets webhooks leave the public internet. */
    static final String GRANTED_BY = "output.security in the server's configuration (allowed_webhook_domains,"
            + " allow_private_network_webhooks, allow_localhost_webhooks)";

    public WebhookSecurity {
        allowedDomains = Set.copyOf(allowedDomains);
        for (String domain : allowedDomains) {
            if (domain.isBlank() || !domain.equals(domain.toLowerCase(Locale.ROOT)) || domain.startsWith(".")) {
                throw new IllegalArgumentException("allowed_webhook_domains: '" + domain
                        + "' is not a domain; accepted is a lower-case name such as hooks.example.com");
            }
        }
    }

    /** Whether {@code host} is exempt from the rules on special addresses. */
    Set<String> grants(String host) {
        boolean granted = isAllowedDomain(host) || (isLocal(host) ? allowLocalhost : allowPrivateNetwork);
        return granted ? Set.of(host) : Set.of();
    }

    /**
     * Whether the name {@code host} may lead to {@code address}, as far as the gate cannot tell: its grant is for the
     * name and lets a name in private networks lead to this machine too.
     */
    boolean admits(String host, InetAddress address) {
        boolean local = address.isLoopbackAddress() || address.isAnyLocalAddress();
        return !local || allowLocalhost || !allowPrivateNetwork || isAllowedDomain(host);
    }

    private boolean isAllowedDomain(String host) {
        return allowedDomains.stream().anyMatch(domain -> host.equals(domain) || host.endsWith("." + domain));
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("0.0.0.0")
                || host.equals("::1")
                || host.equals("::")
                || host.startsWith("::ffff:7f");
    }
}
