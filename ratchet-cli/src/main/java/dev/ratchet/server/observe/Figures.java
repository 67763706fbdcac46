package dev.ratchet.server.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the server: one registry, read as text by Prometheus and as JSON by everybody else. Other parts add
 * theirs as {@link MeterBinder}s.
 */
public final class Figures implements AutoCloseable {
    private static final double NANOS = 1e9;
    private static final String TOTAL = ".total";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** @param others what further parts count */
    public Figures(List<MeterBinder> others) {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        others.forEach(binder -> binder.bindTo(registry));
    }

    /** For parts that count and time on their own. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Everything in the text format of Prometheus, version 0.0.4. */
    public String prometheusText() {
        String text = registry.scrape();
        for (Meter meter : registry.getMeters()) {
            String name = meter.getId().getName();
            if (meter instanceof Gauge && name.endsWith(TOTAL)) {
                text = withTotal(
                        text, name.substring(0, name.length() - TOTAL.length()).replace('.', '_'));
            }
        }
        return text;
    }

    /** The library takes {@code _total} off the names of gauges; the documented names of some have it. */
    private static String withTotal(String text, String name) {
        return Pattern.compile("^((?:# (?:HELP|TYPE) )?" + Pattern.quote(name) + ")(?= )", Pattern.MULTILINE)
                .matcher(text)
                .replaceAll("$1_total");
    }

    /**
     * Notes an answered request.
     *
     * @param route pattern of the route, never the path itself: that would make a series of each
     */
    public void answered(String method, String route, int status, Duration took) {
        Timer.builder("http.server.requests")
                .description("Answered HTTP requests")
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(took);
    }

    /** Seconds since the virtual machine started. */
    public double uptimeSeconds() {
        return value("process.uptime");
    }

    /** The figures in four groups, as {@code GET /metrics} shows them. */
    public Map<String, Map<String, Number>> groups() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Number> system = new TreeMap<>();
        system.put("processors", runtime.availableProcessors());
        system.put("cpuUsage", value("system.cpu.usage"));
        system.put("loadAverage", value("system.load.average.1m"));
        Map<String, Number> resources = new TreeMap<>();
        resources.put("processCpuUsage", value("process.cpu.usage"));
        resources.put("heapUsedBytes", runtime.totalMemory() - runtime.freeMemory());
        resources.put("heapCommittedBytes", runtime.totalMemory());
        resources.put("heapMaxBytes", runtime.maxMemory());
        resources.put("threads", (long) value("jvm.threads.live"));
        Map<String, Number> performance = new TreeMap<>();
        long requests = 0;
        double nanos = 0;
        double longest = 0;
        for (Timer timer : registry.find("http.server.requests").timers()) {
            requests += timer.count();
            nanos += timer.totalTime(TimeUnit.NANOSECONDS);
            longest = Math.max(longest, timer.max(TimeUnit.NANOSECONDS));
        }
        performance.put("uptimeSeconds", uptimeSeconds());
        performance.put("httpRequests", requests);
        performance.put("httpMeanSeconds", requests == 0 ? 0 : nanos / requests / NANOS);
        performance.put("httpRecentMaxSeconds", longest / NANOS);
        Map<String, Number> application = new TreeMap<>();
        for (Gauge gauge : registry.getMeters().stream()
                .filter(Gauge.class::isInstance)
                .map(Gauge.class::cast)
                .filter(meter -> meter.getId().getName().startsWith("ratchet."))
                .toList()) {
            application.put(camelCase(gauge), finite(gauge.value()));
        }
        Map<String, Map<String, Number>> groups = new TreeMap<>();
        groups.put("system", system);
        groups.put("resources", resources);
        groups.put("performance", performance);
        groups.put("application", application);
        return groups;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private double value(String name) {
        @Nullable Gauge gauge = registry.find(name).gauge();
        if (gauge == null) {
            var time = registry.find(name).timeGauge();
            return time == null ? 0 : finite(time.value(TimeUnit.SECONDS));
        }
        return finite(gauge.value());
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    /** {@code ratchet.workers{state=ready}} as {@code workersReady}. */
    private static String camelCase(Gauge gauge) {
        StringBuilder name = new StringBuilder(gauge.getId().getName().substring("ratchet.".length()));
        gauge.getId().getTags().forEach(tag -> name.append('.').append(tag.getValue()));
        for (int dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".")) {
            name.deleteCharAt(dot);
            name.replace(dot, dot + 1, name.substring(dot, dot + 1).toUpperCase(Locale.ROOT));
        }
        return name.toString();
    }
}
