package dev.ratchet.core.job;

import dev.ratchet.core.common.Alarm;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Slots;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs from the queue and sees each attempt through to its stored end: claims as slots become free, runs, retries
 * the storing of what ended while the database is away, keeps the node's lease, and takes over what dead nodes left.
 * Thread-safe.
 *
 * <p>Threads, all virtual: one that claims, one that makes due jobs claimable, one that keeps the lease, and one for each
 * attempt.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final int PROMOTED_AT_ONCE = 500;
    private static final int TAKEN_OVER_AT_ONCE = 50;
    private static final Duration FIRST_STORE_WAIT = Duration.ofMillis(50);
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private final JobStore jobs;
    private final NodeStore nodes;
    private final AttemptRunner runner;
    private final Signals signals;
    private final QueueSettings settings;
    private final QueueDepth depth;
    private final InstantSource clock;
    private final NodeId node;
    private final String nodeName;

    private final ConcurrentMap<JobId, Attempt> running = new ConcurrentHashMap<>();
    /** What {@link #endForgotten} saw last; used by the thread that keeps the lease only. */
    private Map<JobId, Long> forgotten = Map.of();

    /**
     * Claims, by job and token, of attempts that were made here and whose end nobody could store: when they are found
     * again, they were lost, and not merely never begun.
     */
    private final ConcurrentMap<JobId, Long> unstored = new ConcurrentHashMap<>();

    private final List<Registration> registrations = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private final Slots slots;
    private final Alarm due = new Alarm();
    private final Alarm life = new Alarm();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** What has to end before the node may leave: the thread that claims, and every attempt until its end is stored. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition idle = lock.newCondition();
    private int unfinished;
    private volatile Consumer<AttemptEnd> observer = _ -> {};

    /**
     * @param nodeName host and process, for people
     */
    public Dispatcher(
            JobStore jobs,
            NodeStore nodes,
            AttemptRunner runner,
            Signals signals,
            QueueSettings settings,
            InstantSource clock,
            NodeId node,
            String nodeName) {
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.runner = Objects.requireNonNull(runner, "runner");
        this.signals = Objects.requireNonNull(signals, "signals");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.node = Objects.requireNonNull(node, "node");
        this.nodeName = Objects.requireNonNull(nodeName, "nodeName");
        this.depth = new QueueDepth(jobs, settings.maxWaiting());
        this.slots = new Slots(settings.maxRunning());
    }

    /**
     * Enters the node and begins to work.
     *
     * @param alone whether nothing else can have the database open, so that every other node is known to be dead
     */
    public void start(boolean alone) {
        Instant now = clock.instant();
        nodes.register(new NodeStore.Node(node, nodeName, now, now.plus(settings.lease())));
        if (alone) {
            nodes.endOtherLeases(node);
        }
        depth.count();
        registrations.add(signals.on(Signals.Topic.JOBS, _ -> slots.ring()));
        registrations.add(signals.on(Signals.Topic.CANCEL, this::cancelRequested));
        begun();
        threads.add(Thread.ofVirtual().name("ratchet-claim").start(this::claimLoop));
        threads.add(Thread.ofVirtual().name("ratchet-due").start(this::dueLoop));
        // A thread of the system: virtual ones wait in line, and what keeps the lease must not wait behind busy others.
        threads.add(Thread.ofPlatform().daemon().name("ratchet-lease").start(this::leaseLoop));
    }

    /**
     * Tells {@code newObserver}, in place of any other, of every attempt whose end is stored. It is called on the attempt's
     * thread and must be quick.
     */
    public void observe(Consumer<AttemptEnd> newObserver) {
        observer = Objects.requireNonNull(newObserver, "newObserver");
    }

    /** Plans where the results of jobs go. */
    DeliveryPlanner planner() {
        return runner.planner();
    }

    /** This node. */
    public NodeId node() {
        return node;
    }

    /** Attempts that run on this node. */
    public int running() {
        return running.size();
    }

    /** Jobs that wait, over all nodes, as far as this one knows. */
    public long waiting() {
        return depth.waiting();
    }

    /** Refuses when no more jobs are to be accepted. */
    void requireRoom() {
        depth.requireRoom();
    }

    /** A job was accepted that waits, from {@code dueAt} on for its turn. */
    void accepted(Instant dueAt) {
        depth.added();
        if (dueAt.isAfter(clock.instant())) {
            due.ring();
        } else {
            signals.raise(Signals.Topic.JOBS, "");
        }
    }

    /** Jobs that were stored before can run now. */
    void released() {
        signals.raise(Signals.Topic.JOBS, "");
    }

    /** A job that waits has another due time. */
    void dueAgain() {
        due.ring();
        released();
    }

    /** Takes a slot for a job that is accepted and started in one; false when none is free or jobs wait for one. */
    boolean reserve() {
        begun();
        if (depth.waiting() == 0 && slots.takeOne()) {
            return true;
        }
        ended();
        return false;
    }

    /** Gives back a slot that was reserved for a job that was not accepted. */
    void unreserve() {
        slots.giveBack(1, false);
        ended();
    }

    /** Runs a job in a reserved slot. */
    void runReserved(Claim claim) {
        begin(claim);
    }

    /** Stops a job that runs on this node; elsewhere its own node is asked. */
    void cancel(JobId job) {
        signals.raise(Signals.Topic.CANCEL, job.toString());
    }

    /** Looks for jobs that can be claimed. */
    void wake() {
        slots.ring();
    }

    private void cancelRequested(String job) {
        Attempt attempt = running.get(new JobId(UUID.fromString(job)));
        if (attempt != null) {
            attempt.cancel();
        }
    }

    // ---- claiming

    private void claimLoop() {
        while (true) {
            int taken = slots.takeAll(settings.poll());
            if (taken == 0) {
                ended();
                return;
            }
            List<Claim> claims = List.of();
            try {
                claims = jobs.claim(node, taken, clock.instant());
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("cannot claim jobs; trying again");
                life.pause(settings.poll());
            }
            depth.taken(claims.size());
            slots.giveBack(taken - claims.size(), claims.size() == taken);
            for (Claim claim : claims) {
                begun();
                begin(claim);
            }
        }
    }

    private void begun() {
        lock.lock();
        try {
            unfinished++;
        } finally {
            lock.unlock();
        }
    }

    private void ended() {
        lock.lock();
        try {
            if (--unfinished == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- running

    private void begin(Claim claim) {
        Attempt attempt = runner.prepare(claim, nodeName);
        running.put(claim.job().id(), attempt);
        Thread.ofVirtual().name("ratchet-attempt").start(() -> run(attempt));
    }

    private void run(Attempt attempt) {
        JobId job = attempt.claim().job().id();
        try {
            AttemptEnd end;
            try {
                end = attempt.run();
            } catch (RuntimeException | Error e) {
                log.atError().addKeyValue("jobId", job).setCause(e).log("an attempt could not be run");
                end = attempt.broken(e);
            } finally {
                // The worker is free: the next job need not wait for this one's end to be stored.
                slots.giveBack(1, false);
            }
            store(attempt, end);
        } catch (RuntimeException | Error e) {
            // It ends as a lost attempt: found again here, or by another node once the lease is over.
            unstored.put(job, attempt.claim().token());
            log.atError().addKeyValue("jobId", job).setCause(e).log("an attempt could not be seen through");
        } finally {
            running.remove(job, attempt);
            ended();
        }
    }

    /** Stores an end, however long the database is away: until then nobody may be told of it. */
    private void store(Attempt attempt, AttemptEnd wanted) {
        AttemptEnd end = wanted;
        Duration wait = FIRST_STORE_WAIT;
        while (true) {
            try {
                storeOnce(attempt, end);
                return;
            } catch (RatchetException e) {
                if (life.isStopped()) {
                    throw e;
                }
                boolean away = e.code().category() == ErrorCode.Category.UNAVAILABLE;
                log.atWarn()
                        .addKeyValue("jobId", end.claim().job().id())
                        .setCause(e)
                        .log(away ? "the end of an attempt cannot be stored yet" : "an end cannot be stored as it is");
                if (!away) {
                    // Something in it is not to the database's taste; the job must have an end all the same.
                    end = attempt.unstorable();
                }
                life.pause(wait);
                Duration doubled = wait.multipliedBy(2);
                wait = doubled.compareTo(settings.heartbeat()) < 0 ? doubled : settings.heartbeat();
            }
        }
    }

    private void storeOnce(Attempt attempt, AttemptEnd end) {
        if (jobs.complete(end)) {
            followUp(attempt, end);
        } else {
            log.atWarn()
                    .addKeyValue("jobId", end.claim().job().id())
                    .addKeyValue("executionId", end.claim().job().execution())
                    .log("a result came after its lease was lost and does not count");
        }
    }

    private void followUp(Attempt attempt, AttemptEnd end) {
        ExecutionId execution = end.claim().job().execution();
        ExecutionStatus status = end.end().kind().status();
        attempt.stored(end);
        observer.accept(end);
        runner.events().publish(new ExecutionEvent.StatusChanged(execution, status));
        signals.raise(Signals.Topic.EXECUTIONS, execution.toString());
        switch (end.then()) {
            case AttemptEnd.Then.Done _ -> {
                if (!end.deliveries().isEmpty()) {
                    signals.raise(Signals.Topic.DELIVERIES, "");
                }
                if (end.claim().job().concurrency().isPresent()) {
                    wake();
                }
            }
            case AttemptEnd.Then.Again again -> accepted(again.dueAt());
            case AttemptEnd.Then.HandedBack _ -> accepted(Instant.EPOCH);
        }
    }

    // ---- due jobs

    private void dueLoop() {
        while (true) {
            Optional<Instant> next = Optional.empty();
            try {
                boolean promoted = jobs.promoteDue(clock.instant(), PROMOTED_AT_ONCE) > 0;
                if (promoted) {
                    signals.raise(Signals.Topic.JOBS, "");
                    continue;
                }
                next = jobs.nextDue();
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("cannot look for due jobs; trying again");
            }
            Duration longest = settings.poll();
            Duration wait = next.map(due -> Duration.between(clock.instant(), due))
                    .filter(until -> until.compareTo(longest) < 0)
                    .orElse(longest);
            if (!due.sleep(wait)) {
                return;
            }
        }
    }

    // ---- lease

    private void leaseLoop() {
        long renewAt = System.nanoTime();
        while (!life.isStopped()) {
            try {
                if (System.nanoTime() - renewAt >= 0) {
                    renewAt = System.nanoTime() + settings.heartbeat().toNanos();
                    renew();
                    jobs.cancelRequests(node).forEach(job -> cancelRequested(job.toString()));
                    depth.count();
                    takeOver();
                    endForgotten();
                }
                running.values().forEach(this::flush);
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("cannot keep the lease at the moment; trying again");
            }
            Duration wait = FLUSH.compareTo(settings.heartbeat()) < 0 ? FLUSH : settings.heartbeat();
            if (!life.pause(wait)) {
                return;
            }
        }
    }

    /** What one attempt says must not keep back what the others say, unless nothing can be stored at all. */
    private void flush(Attempt attempt) {
        try {
            attempt.flush();
        } catch (RatchetException e) {
            if (e.code().category() == ErrorCode.Category.UNAVAILABLE) {
                throw e;
            }
            log.atWarn()
                    .addKeyValue("jobId", attempt.claim().job().id())
                    .setCause(e)
                    .log("what an attempt says cannot be stored");
        }
    }

    private void renew() {
        Instant now = clock.instant();
        if (!nodes.renew(node, now.plus(settings.lease()))) {
            log.atError().log("this node's lease had ended: its attempts were given to others and will not count");
            nodes.register(new NodeStore.Node(node, nodeName, now, now.plus(settings.lease())));
        }
    }

    private void takeOver() {
        Instant now = clock.instant();
        List<Claim> lost;
        do {
            lost = jobs.takeOver(node, now, TAKEN_OVER_AT_ONCE);
            lost.forEach(this::endLost);
        } while (lost.size() == TAKEN_OVER_AT_ONCE && !life.isStopped());
        nodes.forgetDead(now);
    }

    private void endLost(Claim claim) {
        Attempt attempt = runner.prepare(claim, nodeName);
        log.atWarn()
                .addKeyValue("jobId", claim.job().id())
                .addKeyValue("executionId", claim.job().execution())
                .log("an attempt was lost with its server");
        storeFound(attempt, attempt::lost);
    }

    /** Tries once, since this is the thread that keeps the lease: what fails is found again a heartbeat later. */
    private void storeFound(Attempt attempt, Supplier<AttemptEnd> end) {
        try {
            storeOnce(attempt, end.get());
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("jobId", attempt.claim().job().id())
                    .setCause(e)
                    .log("the end of an attempt that was found cannot be stored yet");
        }
    }

    /**
     * Ends attempts that are this node's by the database and of which it knows nothing: the connection broke after they
     * were stored and before the answer came. They count as such when they are found twice, a heartbeat apart, since
     * between the answer and the beginning of an attempt there is a moment.
     */
    private void endForgotten() {
        Set<JobId> failed = Set.copyOf(unstored.keySet());
        Map<JobId, Long> unknown = new HashMap<>(jobs.held(node));
        failed.stream().filter(job -> !unknown.containsKey(job)).forEach(unstored::remove);
        unknown.keySet().removeAll(running.keySet());
        unknown.forEach((job, token) -> {
            if (!token.equals(forgotten.get(job))) {
                return;
            }
            jobs.reclaim(node, job, token).ifPresent(found -> {
                boolean begun = unstored.remove(job, token);
                if (begun) {
                    // Under its new token, should it have to be found once more.
                    unstored.put(job, found.claim().token());
                }
                if (begun || found.elsewhere()) {
                    endLost(found.claim());
                } else {
                    Attempt attempt = runner.prepare(found.claim(), nodeName);
                    storeFound(attempt, attempt::neverBegun);
                }
            });
        });
        forgotten = unknown;
    }

    // ---- stopping

    /** As {@link #close(Duration)}, with the time of the settings. */
    @Override
    public void close() {
        close(settings.drain());
    }

    /**
     * Claims nothing more, lets attempts end within {@code drain}, hands the others back to the queue, and leaves. Closing
     * twice is the same as once.
     */
    public void close(Duration drain) {
        if (stopping.getAndSet(true)) {
            return;
        }
        slots.stop();
        due.stop();
        registrations.forEach(Registration::close);
        if (!awaitIdle(drain)) {
            log.atWarn().addKeyValue("running", running.size()).log("handing attempts back that did not end in time");
            running.values().forEach(Attempt::handBack);
            awaitIdle(settings.lease());
        }
        life.stop();
        threads.forEach(Dispatcher::joined);
        leave();
    }

    private void leave() {
        try {
            if (running.isEmpty()) {
                nodes.leave(node);
            }
        } catch (RatchetException e) {
            log.atWarn().setCause(e).log("cannot leave the list of nodes; the lease will end by itself");
        }
    }

    private boolean awaitIdle(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (unfinished > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return unfinished == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private static void joined(@Nullable Thread thread) {
        if (thread == null) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
