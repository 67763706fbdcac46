package dev.ratchet.server.observe;

import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryDispatcher;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.JobStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What this server's queue and deliveries do: attempts by outcome, jobs by their end, deliveries by result. */
public final class QueueFigures implements MeterBinder {
    private final Dispatcher dispatcher;
    private final DeliveryDispatcher deliveries;

    /** Hears of both from then on that it is bound. */
    public QueueFigures(Dispatcher dispatcher, DeliveryDispatcher deliveries) {
        this.dispatcher = dispatcher;
        this.deliveries = deliveries;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("ratchet.queue.depth", dispatcher, Dispatcher::waiting)
                .description("Jobs that wait, over all servers, as far as this one knows")
                .register(registry);
        Gauge.builder("ratchet.queue.running", dispatcher, Dispatcher::running)
                .description("Attempts under way on this server")
                .register(registry);
        dispatcher.observe(new Attempts(registry)::ended);
        deliveries.observe((delivery, status, took) -> attempted(registry, delivery, status, took));
    }

    private static void attempted(MeterRegistry registry, Delivery delivery, Delivery.Status status, Duration took) {
        Timer.builder("ratchet.deliveries")
                .description("Attempts to deliver, by what they led to")
                .tag("type", delivery.destinationType().toLowerCase(Locale.ROOT))
                .tag("result", name(status))
                .register(registry)
                .record(took);
    }

    /** Meters that are looked up once, since attempts are many. */
    private static final class Attempts {
        private final Map<OutcomeKind, Timer> outcomes = new EnumMap<>(OutcomeKind.class);
        private final Map<JobStatus, Counter> ends = new EnumMap<>(JobStatus.class);
        private final Counter retries;
        private final Counter handedBack;
        private final Counter cached;
        private final Timer wait;

        Attempts(MeterRegistry registry) {
            for (OutcomeKind kind : OutcomeKind.values()) {
                outcomes.put(
                        kind,
                        Timer.builder("ratchet.execution")
                                .description("Ended attempts and their wall time, by outcome")
                                .tag("outcome", name(kind))
                                .register(registry));
            }
            for (JobStatus status : JobStatus.values()) {
                if (status.isTerminal()) {
                    ends.put(
                            status,
                            Counter.builder("ratchet.jobs.ended")
                                    .description("Jobs that ended after an attempt of this server")
                                    .tag("status", name(status))
                                    .register(registry));
                }
            }
            retries = Counter.builder("ratchet.jobs.retried")
                    .description("Attempts after which another one was planned")
                    .register(registry);
            handedBack = Counter.builder("ratchet.jobs.handed.back")
                    .description("Attempts that the stopping of this server ended")
                    .register(registry);
            cached = Counter.builder("ratchet.executions.cached")
                    .description("Attempts that were answered from the cache of results")
                    .register(registry);
            wait = Timer.builder("ratchet.jobs.wait")
                    .description("From when a job was due to the start of its attempt")
                    .register(registry);
        }

        void ended(AttemptEnd attempt) {
            ExecutionEnd end = attempt.end();
            counted(outcomes, end.kind()).record(end.wallTime());
            if (end.cachedFrom().isPresent()) {
                cached.increment();
            }
            if (end.kind() != OutcomeKind.LOST) {
                Instant started = attempt.endedAt().minus(end.wallTime());
                Duration waited = Duration.between(attempt.claim().job().dueAt(), started);
                wait.record(waited.isNegative() ? Duration.ZERO : waited);
            }
            switch (attempt.then()) {
                case AttemptEnd.Then.Done(JobStatus status) ->
                    counted(ends, status).increment();
                case AttemptEnd.Then.Again _ -> retries.increment();
                case AttemptEnd.Then.HandedBack _ -> handedBack.increment();
            }
        }

        private static <K extends Enum<K>, M> M counted(Map<K, M> meters, K key) {
            M meter = meters.get(key);
            if (meter == null) {
                throw new IllegalStateException("there is no meter for " + key);
            }
            return meter;
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
