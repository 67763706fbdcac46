package dev.ratchet.core.http;

import dev.ratchet.core.task.NetPermissions;
import java.util.Set;

/**
 * What one caller's requests may reach and cost.
 *
 * @param net host and method permissions
 * @param grantedHosts lower-case host names or IP literals the operator granted: permitted whatever {@code net} says,
 *     and exempt from the private-address rule (never from the metadata rule)
 * @param maxBodyBytes most bytes of one decoded response body
 * @param grantedBy how the operator grants a host, for refusals; {@code HOST} stands for its name
 */
public record EgressPolicy(NetPermissions net, Set<String> grantedHosts, long maxBodyBytes, String grantedBy) {
    public EgressPolicy {
        grantedHosts = Set.copyOf(grantedHosts);
    }

    /** How the operator would grant this host. */
    public String grantedBy(String host) {
        return grantedBy.replace("HOST", host);
    }
}
