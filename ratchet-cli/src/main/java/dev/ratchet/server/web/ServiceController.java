package dev.ratchet.server.web;

import dev.ratchet.core.health.HealthStatus.State;
import dev.ratchet.server.observe.Figures;
import dev.ratchet.server.observe.HealthChecks;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes outside of the API that tell about the server itself. */
@RestController
final class ServiceController {
    private static final MediaType PROMETHEUS = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

    private final String version;
    private final HealthChecks checks;
    private final Figures figures;
    private final InstantSource clock;

    ServiceController(String version, HealthChecks checks, Figures figures, InstantSource clock) {
        this.version = version;
        this.checks = checks;
        this.figures = figures;
        this.clock = clock;
    }

    /** What this is and where to go on; {@code endpoints} by purpose. */
    record Service(String name, String version, String description, Map<String, String> endpoints, String timestamp) {}

    /** {@code status} is the worst of all checks: {@code healthy}, {@code degraded} or {@code unhealthy}. */
    record Health(String status, String timestamp, String version, Map<String, Map<String, Object>> checks) {}

    /** {@code status} is {@code ready} or {@code not_ready}; then {@code code} says why in the API's words. */
    record Readiness(String status, String timestamp, List<String> reasons) {}

    /** {@code status} is {@code alive}: whoever answers is. */
    record Liveness(String status, String timestamp, double uptimeSeconds) {}

    @GetMapping("/")
    ResponseEntity<Service> service() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("health", "/health");
        endpoints.put("healthDetailed", "/health/detailed");
        endpoints.put("ready", "/ready");
        endpoints.put("live", "/live");
        endpoints.put("metrics", "/metrics");
        endpoints.put("prometheus", "/metrics/prometheus");
        return fresh(
                HttpStatus.OK,
                new Service(
                        "ratchet", version, "Runs JavaScript tasks in isolated worker processes.", endpoints, now()));
    }

    /** 200 unless something is unhealthy, then 503. */
    @GetMapping("/health")
    ResponseEntity<Health> health() {
        return health(false);
    }

    /** The same with {@code message} and {@code duration_ms} for each check. */
    @GetMapping("/health/detailed")
    ResponseEntity<Health> healthDetailed() {
        return health(true);
    }

    /** 200 when the server can take work, else 503. Workers may still be warming up: work waits for them. */
    @GetMapping("/ready")
    ResponseEntity<Readiness> ready() {
        List<String> reasons = checks.report().results().stream()
                .filter(result -> result.status().state() == State.UNHEALTHY)
                .map(result -> result.name() + ": " + result.status().message())
                .toList();
        return reasons.isEmpty()
                ? fresh(HttpStatus.OK, new Readiness("ready", now(), reasons))
                : fresh(HttpStatus.SERVICE_UNAVAILABLE, new Readiness("not_ready", now(), reasons));
    }

    @GetMapping("/live")
    ResponseEntity<Liveness> live() {
        return fresh(HttpStatus.OK, new Liveness("alive", now(), figures.uptimeSeconds()));
    }

    @GetMapping(path = "/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("timestamp", now());
        metrics.putAll(figures.groups());
        return fresh(HttpStatus.OK, metrics);
    }

    @GetMapping("/metrics/prometheus")
    ResponseEntity<String> prometheus() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(PROMETHEUS)
                .body(figures.prometheusText());
    }

    private ResponseEntity<Health> health(boolean details) {
        HealthChecks.Report report = checks.report();
        Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
        for (HealthChecks.Result result : report.results()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("status", result.status().state().wireName());
            if (details) {
                answer.put("message", result.status().message());
                answer.put("duration_ms", Math.round(result.duration().toNanos() / 1_000.0) / 1_000.0);
            }
            answers.put(result.name(), answer);
        }
        return fresh(
                report.state() == State.UNHEALTHY ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK,
                new Health(report.state().wireName(), now(), version, answers));
    }

    private String now() {
        return clock.instant().toString();
    }

    private static <T> ResponseEntity<T> fresh(HttpStatus status, T body) {
        return ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }
}
