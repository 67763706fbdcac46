package dev.ratchet.core.delivery;

import dev.ratchet.core.common.Alarm;
import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Slots;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.DeliveryPayload.Result;
import dev.ratchet.core.delivery.DeliveryStore.AttemptResult;
import dev.ratchet.core.delivery.DeliveryStore.DeliveryClaim;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings results to their destinations: claims what is due, tries it, and stores every attempt. Runs beside the queue and
 * never holds it up. Thread-safe.
 *
 * <p>Threads, all virtual: one that claims, and one for each attempt.
 */
public final class DeliveryDispatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DeliveryDispatcher.class);

    private static final Duration POLL = Duration.ofSeconds(1);

    /** Longest time a receiver may ask to be left alone. */
    private static final Duration MOST_ASKED = Duration.ofHours(1);

    /** Waiting for a receiver that is left alone uses up no attempts, so it has an end of its own. */
    private static final Duration MOST_POSTPONED = Duration.ofDays(1);

    private static final Duration STORE_AGAIN = Duration.ofMillis(500);

    private final DeliveryStore deliveries;
    private final ExecutionStore executions;
    private final TaskStore tasks;
    private final Names names;
    private final OutputDestinations reader;
    private final DeliveryChannel channel;
    private final Signals signals;
    private final Settings settings;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final NodeId node;

    private final Cancellation stop = new Cancellation();
    private final List<Registration> registrations = new ArrayList<>();

    private final Slots slots;
    private final Alarm life = new Alarm();
    private volatile Observer observer = (_, _, _) -> {};

    /** Port to what templates call things. */
    @FunctionalInterface
    public interface Names {
        /** The name of a schedule; empty when it is gone. */
        Optional<String> schedule(TenantId tenant, ScheduleId id);
    }

    /** Hears of attempts to deliver. */
    @FunctionalInterface
    public interface Observer {
        /**
         * An attempt has been made and stored.
         *
         * @param delivery as it was before
         * @param status what it led to
         */
        void attempted(Delivery delivery, Delivery.Status status, Duration took);
    }

    /**
     * How deliveries are made.
     *
     * @param atOnce attempts at a time
     * @param retry policy of destinations that have none
     * @param environment name of the environment, as templates see it
     * @param drain how long attempts under way may go on when the node stops
     */
    public record Settings(int atOnce, DeliveryRetryPolicy retry, String environment, Duration drain) {
        public Settings {
            Objects.requireNonNull(retry, "retry");
            if (atOnce < 1) {
                throw new IllegalArgumentException("atOnce must be 1 or more, was " + atOnce);
            }
        }
    }

    public DeliveryDispatcher(
            DeliveryStore deliveries,
            ExecutionStore executions,
            TaskStore tasks,
            Names names,
            OutputDestinations reader,
            DeliveryChannel channel,
            Signals signals,
            Settings settings,
            RandomGenerator random,
            InstantSource clock,
            NodeId node) {
        this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
        this.executions = Objects.requireNonNull(executions, "executions");
        this.tasks = Objects.requireNonNull(tasks, "tasks");
        this.names = Objects.requireNonNull(names, "names");
        this.reader = Objects.requireNonNull(reader, "reader");
        this.channel = Objects.requireNonNull(channel, "channel");
        this.signals = Objects.requireNonNull(signals, "signals");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.random = Objects.requireNonNull(random, "random");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.node = Objects.requireNonNull(node, "node");
        this.slots = new Slots(settings.atOnce());
    }

    /** Begins to deliver. The node must be registered. */
    public void start() {
        registrations.add(signals.on(Signals.Topic.DELIVERIES, _ -> slots.ring()));
        Thread.ofVirtual().name("ratchet-deliveries").start(this::claimLoop);
    }

    /** Tells {@code newObserver}, in place of any other. It is called on the attempt's thread and must be quick. */
    public void observe(Observer newObserver) {
        observer = Objects.requireNonNull(newObserver, "newObserver");
    }

    private void claimLoop() {
        while (true) {
            int taken = slots.takeAll(untilNext());
            if (taken == 0) {
                return;
            }
            List<DeliveryClaim> claims = List.of();
            try {
                Instant now = clock.instant();
                deliveries.release(now);
                claims = deliveries.claim(node, taken, now);
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("cannot claim deliveries; trying again");
                // What is due stays due, so without a rest the next try would follow at once.
                life.pause(POLL);
            }
            slots.giveBack(taken - claims.size(), claims.size() == taken);
            for (DeliveryClaim claim : claims) {
                Thread.ofVirtual().name("ratchet-delivery").start(() -> attempt(claim));
            }
        }
    }

    /** Time until what waits is due, as far as is known. */
    private Duration untilNext() {
        try {
            return deliveries
                    .nextDue()
                    .map(due -> Duration.between(clock.instant(), due))
                    .filter(wait -> wait.compareTo(POLL) < 0)
                    .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                    .orElse(POLL);
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("cannot look for due deliveries; trying again");
            return POLL;
        }
    }

    private void attempt(DeliveryClaim claim) {
        try {
            Instant begun = clock.instant();
            long nanos = System.nanoTime();
            Made made = madeSafely(claim.delivery());
            store(claim, made, begun, Duration.ofNanos(System.nanoTime() - nanos));
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("deliveryId", claim.delivery().id())
                    .setCause(e)
                    .log("an attempt to deliver could not be seen through");
        } finally {
            slots.giveBack(1, false);
        }
    }

    /** An attempt, and the policy for the next one. */
    private record Made(DeliveryAttempt attempt, DeliveryRetryPolicy policy) {}

    /** What breaks off by a defect has ended too: else it would stay under way for as long as this node lives. */
    private Made madeSafely(Delivery delivery) {
        try {
            return made(delivery);
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("deliveryId", delivery.id())
                    .setCause(e)
                    .log("an attempt to deliver met a defect");
            return new Made(
                    new DeliveryAttempt.Retry("internal error: " + e.getClass().getName(), null, JsonText.EMPTY_OBJECT),
                    settings.retry());
        }
    }

    private Made made(Delivery delivery) {
        OutputDestination destination;
        try {
            destination = reader.read("destination", delivery.destination()).getFirst();
        } catch (RatchetException e) {
            return new Made(
                    new DeliveryAttempt.Failed(String.valueOf(e.getMessage()), JsonText.EMPTY_OBJECT),
                    settings.retry());
        }
        DeliveryRetryPolicy own = destination.retryPolicy();
        DeliveryRetryPolicy policy = own == null ? settings.retry() : own;
        Optional<DeliveryPayload> payload;
        try {
            payload = payload(delivery);
        } catch (RatchetException e) {
            return new Made(
                    new DeliveryAttempt.Retry(String.valueOf(e.getMessage()), null, JsonText.EMPTY_OBJECT), policy);
        }
        DeliveryAttempt attempt = payload.<DeliveryAttempt>map(
                        what -> channel.deliver(new DeliveryRequest(delivery.id(), destination, what), stop))
                .orElseGet(() ->
                        new DeliveryAttempt.Failed("its execution is not stored any more", JsonText.EMPTY_OBJECT));
        return new Made(attempt, policy);
    }

    private Optional<DeliveryPayload> payload(Delivery delivery) {
        Optional<Execution> found = executions.find(delivery.tenant(), delivery.execution());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Execution execution = found.get();
        TenantId tenant = delivery.tenant();
        Optional<TaskPackage> content = tasks.content(tenant, execution.version());
        Result result = execution
                .output()
                .flatMap(output -> output.text())
                .<Result>map(Result.Output::new)
                .orElseGet(() -> new Result.Fault(fault(execution)));
        return Optional.of(new DeliveryPayload(
                result,
                new DeliveryVariables(
                        execution.job(),
                        execution.id(),
                        execution.task(),
                        tasks.nameOf(tenant, execution.task()).orElse(""),
                        content.map(task -> task.metadata().version()).orElse(""),
                        execution.schedule().orElse(null),
                        execution
                                .schedule()
                                .flatMap(id -> names.schedule(tenant, id))
                                .orElse(null),
                        execution.status().name(),
                        execution.attempt(),
                        execution.completedAt().orElse(delivery.createdAt()),
                        settings.environment(),
                        execution.id().toString(),
                        null)));
    }

    private JsonText fault(Execution execution) {
        ExecutionError error =
                execution.error().orElse(new ExecutionError(execution.status().name(), "", Optional.empty()));
        return reader.fault(error.type(), error.message(), error.details());
    }

    private void store(DeliveryClaim claim, Made made, Instant begun, Duration took) {
        Delivery delivery = claim.delivery();
        Instant now = clock.instant();
        Delivery.Status status;
        Optional<Instant> dueAt = Optional.empty();
        long bytes = 0;
        Optional<String> error = Optional.empty();
        switch (made.attempt()) {
            case DeliveryAttempt.Postponed postponed
            when now.isBefore(delivery.begunAt().plus(MOST_POSTPONED)) -> {
                Instant then = now.plus(postponed.pause());
                persist(claim, () -> deliveries.postpone(claim, postponed.reason(), then));
                slots.ring();
                return;
            }
            case DeliveryAttempt.Postponed postponed -> {
                status = Delivery.Status.FAILED;
                error = Optional.of(postponed.reason() + "; given up after " + MOST_POSTPONED.toHours() + " hours");
            }
            case DeliveryAttempt.Delivered delivered -> {
                status = Delivery.Status.DELIVERED;
                bytes = delivered.bytes();
            }
            case DeliveryAttempt.Failed failed -> {
                status = Delivery.Status.FAILED;
                error = Optional.of(failed.reason());
            }
            case DeliveryAttempt.Retry retry -> {
                error = Optional.of(retry.reason());
                if (stop.isCancelled()) {
                    // The node stops: that says nothing about the receiver, and another node goes on at once.
                    status = Delivery.Status.RETRYING;
                    dueAt = Optional.of(now);
                } else if (made.policy().allowsMoreThan(delivery.attemptsOfThisTry())) {
                    status = Delivery.Status.RETRYING;
                    dueAt = Optional.of(
                            now.plus(wait(made.policy(), delivery.attemptsOfThisTry(), retry.retryAfter())));
                } else {
                    status = Delivery.Status.FAILED;
                }
            }
        }
        AttemptResult result = new AttemptResult(
                delivery.attempts(),
                status == Delivery.Status.DELIVERED,
                begun,
                took,
                bytes,
                Optional.of(made.attempt().info()),
                error);
        Optional<Instant> due = dueAt;
        persist(claim, () -> deliveries.complete(claim, result, status, due, now));
        observer.attempted(delivery, status, took);
        if (status == Delivery.Status.FAILED) {
            log.atWarn()
                    .addKeyValue("deliveryId", delivery.id())
                    .addKeyValue("jobId", delivery.job())
                    .addKeyValue("attempts", delivery.attempts())
                    .log("a delivery was given up");
        }
        slots.ring();
    }

    private Duration wait(DeliveryRetryPolicy policy, int attempts, @Nullable Duration asked) {
        Duration planned = policy.delay(attempts, random);
        if (asked == null || asked.compareTo(planned) < 0) {
            return planned;
        }
        return asked.compareTo(MOST_ASKED) < 0 ? asked : MOST_ASKED;
    }

    /** What was delivered must be known to be: the attempt is made again when it is not. */
    private void persist(DeliveryClaim claim, BooleanSupplier writing) {
        while (true) {
            try {
                if (!writing.getAsBoolean()) {
                    log.atWarn()
                            .addKeyValue("deliveryId", claim.delivery().id())
                            .log("an attempt ended after its lease was lost; another one is made");
                }
                return;
            } catch (RatchetException e) {
                log.atWarn().setCause(e).log("an attempt to deliver cannot be stored yet; trying again");
                if (!life.pause(STORE_AGAIN)) {
                    throw e;
                }
            }
        }
    }

    /** As {@link #close(Duration)}, with the time of the settings. */
    @Override
    public void close() {
        close(settings.drain());
    }

    /** Claims nothing more, lets attempts end within {@code drain}, and gives the others up. */
    public void close(Duration drain) {
        if (life.isStopped()) {
            return;
        }
        slots.stop();
        life.stop();
        registrations.forEach(Registration::close);
        if (!slots.awaitAllFree(drain)) {
            stop.cancel();
            if (!slots.awaitAllFree(POLL)) {
                log.atWarn().log("attempts to deliver are still under way; they are made again by another node");
            }
        }
    }
}
