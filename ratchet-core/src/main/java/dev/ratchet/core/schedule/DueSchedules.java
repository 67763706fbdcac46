package dev.ratchet.core.schedule;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.job.Acceptance;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.schedule.Schedule.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles schedules whose time has come: makes the jobs of their planned instants and moves them on, in one transaction.
 * Any number of servers may do so at once, and each planned instant is settled once: whoever holds the lock on the
 * schedule's row, and finds in it what it has prepared for, settles it. Inputs are checked before the transaction, so
 * that nobody's writing waits for that.
 */
final class DueSchedules {
    private static final Logger log = LoggerFactory.getLogger(DueSchedules.class);

    /** Schedules that are looked at together, and stored together. */
    static final int BATCH = 50;

    /** Instants of one schedule that are settled at once; when there are more, the others follow at once. */
    static final int FIRES = 50;

    /** Jobs that are prepared before they are stored; so many more than it takes may get into a full queue. */
    static final int JOBS = 100;

    /** How long a schedule is left alone after a fault of the program. */
    static final Duration PUT_OFF = Duration.ofMinutes(1);

    private static final int MAX_ERROR = 1_000;

    private final ScheduleStore store;
    private final Jobs jobs;
    private final PreviousJobs previous;
    private final Transactions transactions;
    private final Signals signals;
    private final InstantSource clock;

    DueSchedules(ScheduleStore store, Jobs jobs, Transactions transactions, Signals signals, InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.previous = new PreviousJobs(store, jobs);
        this.transactions = Objects.requireNonNull(transactions, "transactions");
        this.signals = Objects.requireNonNull(signals, "signals");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** What became of a look at the schedules that are due. */
    enum Look {
        /** None was due. */
        NOTHING,
        /** Some were, and have been settled; there may be more. */
        SETTLED,
        /** Some were, and others are settling them. */
        TAKEN,
        /** Some were, and are left because no more jobs are accepted. */
        FULL
    }

    /** What is to be stored about a due schedule. */
    private sealed interface Prepared {
        /** As it was found. */
        Schedule schedule();

        /** Jobs to be accepted. */
        default int size() {
            return 0;
        }

        /** Jobs to be accepted, one for each of the fires. */
        record Fires(Schedule schedule, DueFires due, List<Jobs.Ready> jobs) implements Prepared {
            @Override
            public int size() {
                return jobs.size();
            }
        }

        /** No job can be made, for a reason its owner can do something about. */
        record Refused(Schedule schedule, DueFires due, RatchetException reason) implements Prepared {}

        /** Something is wrong with the program; the instants stay due. */
        record Broken(Schedule schedule, RuntimeException fault) implements Prepared {}
    }

    /** Settles a batch. */
    Look settle() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Schedule> due = store.due(now, BATCH);
        if (due.isEmpty()) {
            return Look.NOTHING;
        }
        List<Prepared> prepared = new ArrayList<>(due.size());
        int ready = 0;
        boolean full = false;
        for (Schedule schedule : due) {
            if (ready >= JOBS) {
                break;
            }
            try {
                Optional<Prepared> one = prepare(schedule, now);
                one.ifPresent(prepared::add);
                ready += one.map(Prepared::size).orElse(0);
            } catch (RatchetException e) {
                if (e.code() != ErrorCode.RATE_LIMITED) {
                    store(prepared, now);
                    throw e;
                }
                full = true;
                break;
            }
        }
        int settled = store(prepared, now);
        if (full) {
            return Look.FULL;
        }
        return settled > 0 ? Look.SETTLED : Look.TAKEN;
    }

    // ---- before the transaction

    private Optional<Prepared> prepare(Schedule schedule, Instant now) {
        Caller caller = caller(schedule);
        DueFires due;
        List<Jobs.Ready> ready = new ArrayList<>();
        try {
            SchedulePlan plan = schedule.definition().plan();
            // Everything before the next instant is settled, and instants are whole milliseconds.
            Instant settled = schedule.progress().nextRun().orElseThrow().minusMillis(1);
            due = plan.due(settled, schedule.progress().executionCount(), now, FIRES);
        } catch (RuntimeException e) {
            return Optional.of(new Prepared.Broken(schedule, e));
        }
        try {
            for (Instant planned : due.fires()) {
                ready.add(jobs.prepare(caller, FireRequests.planned(schedule, planned)));
            }
        } catch (RatchetException e) {
            return switch (e.code().category()) {
                case INVALID, NOT_FOUND, CONFLICT -> Optional.of(new Prepared.Refused(schedule, due, e));
                case INTERNAL -> Optional.of(new Prepared.Broken(schedule, e));
                case EXHAUSTED, UNAVAILABLE -> {
                    if (e.code() == ErrorCode.IO_ERROR) {
                        // What is stored of it cannot be read, which the others need not wait for.
                        yield Optional.of(new Prepared.Broken(schedule, e));
                    }
                    // The database is away, or the queue is full: nothing is wrong with this one.
                    throw e;
                }
            };
        } catch (RuntimeException e) {
            return Optional.of(new Prepared.Broken(schedule, e));
        }
        if (!ready.isEmpty()
                && schedule.definition().plan().overlap() == OverlapPolicy.CANCEL_PREVIOUS
                && !makeWay(caller, schedule)) {
            return Optional.empty();
        }
        return Optional.of(new Prepared.Fires(schedule, due, ready));
    }

    /**
     * Cancels earlier jobs. First, for should the server stop here, the fire is still due. What another server made of
     * the very fire meanwhile must not be among them, which is so when the schedule is unchanged after the look.
     */
    private boolean makeWay(Caller caller, Schedule schedule) {
        List<JobId> unfinished = previous.of(schedule);
        if (store.find(schedule.tenant(), schedule.id())
                .filter(current -> isSame(current, schedule))
                .isEmpty()) {
            return false;
        }
        previous.cancel(caller, unfinished, "its schedule fired again");
        return true;
    }

    private static Caller caller(Schedule schedule) {
        return new Caller(schedule.tenant(), "scheduler");
    }

    private static boolean isSame(Schedule current, Schedule prepared) {
        return current.enabled()
                && current.revision() == prepared.revision()
                && current.progress().nextRun().equals(prepared.progress().nextRun())
                && current.progress().fireAt().equals(prepared.progress().fireAt());
    }

    // ---- the transaction

    /** How many were settled here. */
    private int store(List<Prepared> all, Instant now) {
        if (all.isEmpty()) {
            return 0;
        }
        try {
            return commit(all, now);
        } catch (RuntimeException e) {
            requireDatabase(e);
            if (all.size() > 1) {
                // One of them is at fault, and the others must not suffer from it.
                int settled = 0;
                for (Prepared one : all) {
                    settled += store(List.of(one), now);
                }
                return settled;
            }
            Schedule schedule = all.getFirst().schedule();
            return commit(List.of(new Prepared.Broken(schedule, e)), now);
        }
    }

    private static void requireDatabase(RuntimeException e) {
        if (e instanceof RatchetException known
                && (known.code().category() == ErrorCode.Category.UNAVAILABLE
                        || known.code().category() == ErrorCode.Category.EXHAUSTED)) {
            throw known;
        }
    }

    /** A schedule as it was stored, with the jobs that were accepted for it. */
    private record Settled(Schedule before, Schedule after, List<Jobs.Ready> accepted) {}

    private int commit(List<Prepared> all, Instant now) {
        List<Settled> settled = transactions.write(() -> {
            List<Settled> stored = new ArrayList<>(all.size());
            for (Prepared one : all) {
                Schedule prepared = one.schedule();
                store.lock(prepared.tenant(), prepared.id(), false)
                        .filter(current -> isSame(current, prepared))
                        .map(current -> settled(current, one, now))
                        .ifPresent(done -> {
                            store.replace(done.after());
                            stored.add(done);
                        });
            }
            return stored;
        });
        settled.forEach(this::tell);
        return settled.size();
    }

    private Settled settled(Schedule current, Prepared prepared, Instant now) {
        return switch (prepared) {
            case Prepared.Fires fires -> fired(current, fires.due(), fires.jobs(), now);
            case Prepared.Refused no -> new Settled(current, refused(current, no.due(), no.reason()), List.of());
            case Prepared.Broken broken -> {
                log.atError()
                        .addKeyValue("scheduleId", current.id())
                        .setCause(broken.fault())
                        .log("a schedule could not be settled; it is tried again later");
                yield new Settled(
                        current,
                        current.withProgress(
                                current.progress().putOffUntil(now.plus(PUT_OFF), message(broken.fault()))),
                        List.of());
            }
        };
    }

    private Settled fired(Schedule current, DueFires due, List<Jobs.Ready> ready, Instant now) {
        List<Jobs.Ready> accepted = new ArrayList<>();
        int skipped = 0;
        for (int i = 0; i < ready.size(); i++) {
            boolean last = i == ready.size() - 1;
            if (isLeftOut(current, !accepted.isEmpty(), last)) {
                skipped++;
                continue;
            }
            switch (jobs.submitWithin(ready.get(i))) {
                case Acceptance.Accepted _ -> accepted.add(ready.get(i));
                // Its job is there, from before the clock was set back.
                case Acceptance.FiredBefore _ -> {}
                case Acceptance.Repeated _, Acceptance.KeyTaken _ ->
                    throw new IllegalStateException("fires have no idempotency key");
            }
        }
        Progress before = current.progress();
        Progress after = new Progress(
                before.nextRun(),
                before.fireAt(),
                accepted.isEmpty() ? before.lastRun() : Optional.of(now),
                before.executionCount() + accepted.size(),
                before.skippedCount() + skipped,
                before.missedCount() + missed(due),
                before.consecutiveFailures(),
                ready.isEmpty() ? before.lastError() : Optional.empty());
        return new Settled(current, movedOn(current.withProgress(after), due), accepted);
    }

    private boolean isLeftOut(Schedule schedule, boolean afterAnother, boolean last) {
        return switch (schedule.definition().plan().overlap()) {
            case ALLOW, QUEUE -> false;
            case SKIP ->
                afterAnother
                        || !store.unfinishedJobs(schedule.tenant(), schedule.id(), 1)
                                .isEmpty();
            // Of several at once all but the last would be cancelled as soon as they are made.
            case CANCEL_PREVIOUS -> !last;
        };
    }

    private static Schedule refused(Schedule current, DueFires due, RatchetException reason) {
        Progress before = current.progress();
        Progress after = new Progress(
                before.nextRun(),
                before.fireAt(),
                before.lastRun(),
                before.executionCount(),
                before.skippedCount(),
                before.missedCount() + missed(due),
                before.consecutiveFailures() + 1,
                Optional.of(message(reason)));
        Schedule failed = current.withProgress(after);
        if (reason.code() == ErrorCode.NOT_FOUND) {
            return failed.stopped("its task is gone: " + message(reason));
        }
        if (current.definition()
                .pauseAfterFailures()
                .filter(most -> after.consecutiveFailures() >= most)
                .isPresent()) {
            return failed.stopped("stopped after " + after.consecutiveFailures() + " failures in a row, the last one: "
                    + message(reason));
        }
        return movedOn(failed, due);
    }

    private static int missed(DueFires due) {
        return due.givenUp().map(DueFires.GivenUp::count).orElse(0);
    }

    /** To the instant after those that are settled now. */
    private static Schedule movedOn(Schedule schedule, DueFires due) {
        SchedulePlan plan = schedule.definition().plan();
        long count = schedule.progress().executionCount();
        // Not what was asked before: fewer may have fired, and so fewer count for maxExecutions.
        Optional<Instant> next = plan.next(due.through(), count);
        if (next.isPresent()) {
            return schedule.withProgress(schedule.progress().withNextRun(next));
        }
        boolean used = plan.maxExecutions().filter(most -> count >= most).isPresent();
        return schedule.stopped(
                used ? "it has fired " + count + " times, as often as it was to" : "nothing more is planned");
    }

    private static String message(RuntimeException e) {
        String text = e instanceof RatchetException ? String.valueOf(e.getMessage()) : e.toString();
        String clean = text.replace('\0', '\uFFFD');
        return clean.length() > MAX_ERROR ? clean.substring(0, MAX_ERROR) + "…" : clean;
    }

    // ---- after it

    private void tell(Settled settled) {
        settled.accepted().forEach(jobs::submitted);
        Schedule after = settled.after();
        if (!after.enabled()) {
            log.atInfo()
                    .addKeyValue("scheduleId", after.id())
                    .addKeyValue("reason", after.pauseReason().orElse(""))
                    .log("schedule disabled");
            signals.raise(Signals.Topic.SCHEDULES, after.id().toString());
        }
        after.progress().lastError().filter(_ -> settled.accepted().isEmpty()).ifPresent(error -> log.atWarn()
                .addKeyValue("scheduleId", after.id())
                .addKeyValue("error", error)
                .log("a schedule made no job"));
        long missed =
                after.progress().missedCount() - settled.before().progress().missedCount();
        if (missed > 0) {
            log.atWarn()
                    .addKeyValue("scheduleId", after.id())
                    .addKeyValue("count", missed)
                    .log("planned instants were missed and given up");
        }
    }
}
