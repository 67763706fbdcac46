package dev.ratchet.server.wiring;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.http.HttpCache;
import dev.ratchet.execution.http.LiveFetches;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Gives runs the network under their tasks' permissions, and the configured secrets they name. */
final class RunSupplies implements RunResources {
    private final OutboundHttp http;
    private final HttpCache cache;
    private final Set<String> grantedHosts;
    private final Secrets configured;

    /**
     * @param grantedHosts private hosts that every task may reach
     * @param configured secrets of the configuration
     */
    RunSupplies(OutboundHttp http, HttpCache cache, Set<String> grantedHosts, Secrets configured) {
        this.http = Objects.requireNonNull(http, "http");
        this.cache = Objects.requireNonNull(cache, "cache");
        this.grantedHosts = Set.copyOf(grantedHosts);
        this.configured = Objects.requireNonNull(configured, "configured");
    }

    @Override
    public FetchHandler fetches(TenantId tenant, TaskId task, TaskPackage content, TaskLimits limits, Secrets secrets) {
        EgressPolicy policy = new EgressPolicy(
                content.net(),
                grantedHosts,
                limits.fetchBytes(),
                "http.allowed_private_hosts in the server's configuration");
        FetchHandler live = new LiveFetches(http, policy);
        return content.httpCache() ? cache.before(live, tenant, task, policy, secrets.mask()) : live;
    }

    @Override
    public Secrets secrets(TenantId tenant, TaskPackage content) {
        if (content.secrets().isEmpty()) {
            return Secrets.NONE;
        }
        Map<String, String> known = configured.reveal();
        List<Problem> missing = content.secrets().stream()
                .filter(name -> !known.containsKey(name))
                .sorted()
                .map(name -> Problem.of(
                        "secrets",
                        "the server has no secret " + name + "; set RATCHET_SECRET_" + name
                                + " or put a file of that name into secrets.directory"))
                .toList();
        if (!missing.isEmpty()) {
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, "secrets are missing", missing);
        }
        Map<String, String> given = new TreeMap<>(known);
        given.keySet().retainAll(content.secrets());
        return new Secrets(given);
    }
}
