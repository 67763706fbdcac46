package dev.ratchet.server.observe;

import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import dev.ratchet.core.health.HealthStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every part how it is, all at the same time and for a bounded time. A check that hangs is not asked again before it
 * has answered, so reports cost at most one thread for each check, however many ask. Thread-safe.
 */
public final class HealthChecks {
    private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);

    private final List<HealthCheck> checks;
    private final Duration limit;
    private final ConcurrentHashMap<String, CompletableFuture<Look>> underWay = new ConcurrentHashMap<>();

    /** What a part said, and after how long. */
    private record Look(HealthStatus status, Duration duration) {}

    /**
     * One part's answer.
     *
     * @param duration how long it took; the time limit for one that did not answer
     */
    public record Result(String name, HealthStatus status, Duration duration) {}

    /**
     * Everybody's answers, by name.
     *
     * @param state the worst of all
     */
    public record Report(State state, List<Result> results) {
        public Report {
            results = List.copyOf(results);
        }
    }

    /** @param limit longest wait for an answer */
    public HealthChecks(List<HealthCheck> checks, Duration limit) {
        this.checks =
                checks.stream().sorted(Comparator.comparing(HealthCheck::name)).toList();
        this.limit = limit;
    }

    /** How everybody is now. */
    public Report report() {
        long deadline = System.nanoTime() + limit.toNanos();
        List<CompletableFuture<Look>> looks = checks.stream().map(this::look).toList();
        List<Result> results = new ArrayList<>();
        State worst = State.HEALTHY;
        for (int i = 0; i < checks.size(); i++) {
            Look look = await(looks.get(i), deadline - System.nanoTime());
            results.add(new Result(checks.get(i).name(), look.status(), look.duration()));
            if (look.status().state().compareTo(worst) > 0) {
                worst = look.status().state();
            }
        }
        return new Report(worst, results);
    }

    private CompletableFuture<Look> look(HealthCheck check) {
        return underWay.computeIfAbsent(check.name(), name -> {
            CompletableFuture<Look> answer = new CompletableFuture<>();
            Thread.ofVirtual().name("health-" + name).start(() -> {
                long begun = System.nanoTime();
                HealthStatus status;
                try {
                    status = check.check();
                } catch (RuntimeException e) {
                    log.atWarn().addKeyValue("check", name).setCause(e).log("a health check failed");
                    status = HealthStatus.unhealthy(
                            "the check failed: " + e.getClass().getSimpleName());
                }
                underWay.remove(name, answer);
                answer.complete(new Look(status, Duration.ofNanos(System.nanoTime() - begun)));
            });
            return answer;
        });
    }

    private Look await(CompletableFuture<Look> answer, long nanos) {
        Look none = new Look(HealthStatus.unhealthy("no answer within " + limit.toMillis() + " ms"), limit);
        try {
            return answer.copy()
                    .completeOnTimeout(none, Math.max(nanos, 0), TimeUnit.NANOSECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("a look never ends with an exception", e);
        }
    }
}
