package dev.ratchet.core.job;

import dev.ratchet.core.common.Alarm;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old jobs and what belongs to them, in many short writes. After each it rests for as long as the write took, so
 * that others have the database at least half of the time. One virtual thread; several nodes may do it side by side.
 */
public final class Retention implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** Documents younger than this may belong to a write that is under way. */
    private static final Duration DOCUMENT_GRACE = Duration.ofHours(1);

    /** A task's bytes are added up again when they have grown by this part of what is kept. */
    private static final long GROWTH_PARTS = 16;

    /** What reading and writing should take at most; a run that begins or ends meanwhile waits for the writing. */
    private static final long LONGEST_WRITE_NANOS = Duration.ofMillis(10).toNanos();

    /**
     * Of one write where the database is slow or busy. What does not depend on their number, looking up, waiting for the
     * database and the commit, must not come to outweigh the removal, or more would come than goes.
     */
    private static final int FEWEST = 40;

    private final RetentionStore store;
    private final RetentionRules rules;
    private final InstantSource clock;

    private final Alarm alarm = new Alarm();
    private final Thread thread = Thread.ofVirtual().name("ratchet-retention").unstarted(this::loop);

    /** Bytes of jobs that have ended since the task's were last added up; a task that is absent never was. */
    private final Map<Owned, Long> grown = new HashMap<>();

    /** How many one write is told to remove at most. */
    private int batch = FEWEST;

    private @Nullable Instant grownUntil;
    private Optional<UUID> sweptUntil = Optional.empty();

    private record Owned(TenantId tenant, TaskId task) {}

    /**
     * What one round removed.
     *
     * @param jobs ended jobs
     * @param keys expired idempotency keys
     * @param documents documents that nothing referred to
     */
    public record Round(long jobs, long keys, long documents) {}

    public Retention(RetentionStore store, RetentionRules rules, InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.rules = Objects.requireNonNull(rules, "rules");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Begins, once; the first round is one interval from now, when the start is over. */
    public void start() {
        thread.start();
    }

    private void loop() {
        while (alarm.pause(rules.interval())) {
            try {
                Round round = runOnce();
                if (round.jobs() + round.keys() + round.documents() > 0) {
                    log.atInfo()
                            .addKeyValue("jobs", round.jobs())
                            .addKeyValue("keys", round.keys())
                            .addKeyValue("documents", round.documents())
                            .log("removed what is old");
                }
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("cannot remove what is old; trying again later");
            }
        }
    }

    /** Applies every rule once; ends early when told to stop. Not for two threads at a time. */
    public Round runOnce() {
        Instant now = clock.instant();
        long jobs = 0;
        for (TenantId tenant : store.tenants()) {
            jobs += repeated(most -> store.removeEndedBefore(tenant, now.minus(rules.maxAge()), most));
            for (TaskId task : store.tasks(tenant)) {
                jobs += removeUpTo(tenant, task, store.newestBeyondCount(tenant, task, rules.maxCountPerTask()));
            }
            if (rules.maxBytesPerTask().isPresent()) {
                jobs += removeBeyondBytes(tenant, rules.maxBytesPerTask().getAsLong(), now);
            }
        }
        grownUntil = now;
        long keys = repeated(most -> store.removeExpiredKeys(now, most));
        RetentionStore.Sweep sweep = store.removeForgottenDocuments(sweptUntil, now.minus(DOCUMENT_GRACE));
        sweptUntil = sweep.next();
        return new Round(jobs, keys, sweep.removed());
    }

    /** Adding up the bytes of a task reads all its jobs, so it is only done when there may be something to remove. */
    private long removeBeyondBytes(TenantId tenant, long kept, Instant now) {
        Instant since = grownUntil;
        Map<TaskId, Long> growth = since == null ? Map.of() : store.bytesOfEnded(tenant, since, now);
        long removed = 0;
        for (TaskId task : store.tasks(tenant)) {
            Owned owned = new Owned(tenant, task);
            Long before = grown.get(owned);
            long growing = (before == null ? 0 : before) + growth.getOrDefault(task, 0L);
            if (before == null || growing > kept / GROWTH_PARTS) {
                removed += removeUpTo(tenant, task, store.newestBeyondBytes(tenant, task, kept));
                growing = 0;
            }
            grown.put(owned, growing);
        }
        return removed;
    }

    private long removeUpTo(TenantId tenant, TaskId task, Optional<JobId> newest) {
        return newest.map(job -> repeated(most -> store.removeUpTo(tenant, task, job, most)))
                .orElse(0L);
    }

    private long repeated(IntUnaryOperator removal) {
        long all = 0;
        while (true) {
            long begun = System.nanoTime();
            int removed = removal.applyAsInt(batch);
            long took = System.nanoTime() - begun;
            all += removed;
            if (removed == 0 || !alarm.pause(Duration.ofNanos(took))) {
                return all;
            }
            pace(removed, took);
        }
    }

    /** As many in a write as keep others waiting no longer than is hardly noticed. */
    private void pace(int removed, long took) {
        if (took > LONGEST_WRITE_NANOS) {
            batch = Math.max(FEWEST, batch / 2);
        } else if (removed == batch && took < LONGEST_WRITE_NANOS / 2) {
            batch = Math.min(RetentionStore.MAX_JOBS, batch * 2);
        }
    }

    /** Ends after the write under way. */
    @Override
    public void close() {
        alarm.stop();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
