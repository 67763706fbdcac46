package dev.ratchet.execution.delivery;

import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.execution.http.HostResolver;
import dev.ratchet.execution.http.HttpGate;
import dev.ratchet.execution.http.HttpSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * The gate webhooks leave by. A gate of their own, for two reasons: a webhook may wait longer than a task's fetch, and
 * a name that may lead into private networks must still not lead to this machine.
 */
public final class WebhookGate {
    /** Longest a webhook may wait for its answer. */
    static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private WebhookGate() {}

    /**
     * Opens a gate.
     *
     * @param settings those of the server; the timeout is replaced by the longest of a webhook
     * @param resolver where names become addresses
     * @param clock tells when requests began
     */
    public static OutboundHttp open(
            HttpSettings settings, WebhookSecurity security, HostResolver resolver, InstantSource clock) {
        return HttpGate.create(settings.withTimeout(MAX_TIMEOUT), host -> admitted(host, security, resolver), clock);
    }

    private static InetAddress[] admitted(String host, WebhookSecurity security, HostResolver resolver)
            throws UnknownHostException {
        InetAddress[] admitted = Arrays.stream(resolver.resolve(host))
                .filter(address -> security.admits(host, address))
                .toArray(InetAddress[]::new);
        if (admitted.length == 0) {
            throw new UnknownHostException(host + " leads to no address that output.security lets a webhook reach");
        }
        return admitted;
    }
}
