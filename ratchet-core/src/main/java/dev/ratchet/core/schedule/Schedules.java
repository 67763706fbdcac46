package dev.ratchet.core.schedule;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobRequest;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.schedule.Schedule.Progress;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskLookup;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What can be done with schedules. A schedule is named by its identifier or its name. Every change acts at once, on all
 * servers. Thread-safe.
 *
 * <p>Methods throw {@link RatchetException}: NOT_FOUND when there is no such schedule or task, VALIDATION_ERROR when what
 * is given breaks a rule, CONFLICT when a name is taken or the schedule is in no state for it, PRECONDITION_FAILED when
 * it no longer has the expected revision.
 */
public final class Schedules {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int MAX_SHOWN = 100;
    private static final int CONTENDED_ATTEMPTS = 5;

    private final ScheduleStore store;
    private final TaskLookup tasks;
    private final TaskExecutor executor;
    private final Jobs jobs;
    private final PreviousJobs previous;
    private final Transactions transactions;
    private final Signals signals;
    private final UuidV7 ids;
    private final InstantSource clock;

    /**
     * @param store keeps schedules
     * @param tasks what they run
     * @param executor checks inputs
     * @param jobs takes what is triggered by hand
     * @param transactions of the database all of them use
     * @param signals wakes the tickers
     */
    public Schedules(
            ScheduleStore store,
            TaskLookup tasks,
            TaskExecutor executor,
            Jobs jobs,
            Transactions transactions,
            Signals signals,
            UuidV7 ids,
            InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.tasks = Objects.requireNonNull(tasks, "tasks");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.previous = new PreviousJobs(store, jobs);
        this.transactions = Objects.requireNonNull(transactions, "transactions");
        this.signals = Objects.requireNonNull(signals, "signals");
        this.ids = Objects.requireNonNull(ids, "ids");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Stores a schedule. */
    public Schedule create(Caller caller, ScheduleDefinition definition, boolean enabled) {
        return create(caller, definition, enabled, false);
    }

    Schedule create(Caller caller, ScheduleDefinition definition, boolean enabled, boolean systemOwned) {
        check(caller, definition);
        Instant now = now();
        definition.plan().requireFiresAfter(now);
        Optional<Instant> first = enabled ? definition.plan().next(now, 0) : Optional.empty();
        Schedule schedule = new Schedule(
                new ScheduleId(ids.next()),
                caller.tenant(),
                definition,
                enabled,
                Optional.empty(),
                systemOwned,
                Progress.startingWith(first),
                now,
                now,
                1);
        transactions.write(() -> {
            requireFree(caller, definition.name());
            store.create(schedule);
            return schedule;
        });
        changed(schedule.id());
        return schedule;
    }

    private void requireFree(Caller caller, String name) {
        if (store.findByName(caller.tenant(), name).isPresent()) {
            throw new RatchetException(ErrorCode.CONFLICT, "there is a schedule '" + name + "' already");
        }
    }

    /** The schedule of this identifier or name. */
    public Optional<Schedule> find(Caller caller, String idOrName) {
        if (!UUID_FORM.matcher(idOrName).matches()) {
            return idOrName.indexOf('\0') >= 0 ? Optional.empty() : store.findByName(caller.tenant(), idOrName);
        }
        return store.find(caller.tenant(), new ScheduleId(UUID.fromString(idOrName)))
                .or(() -> store.findByName(caller.tenant(), idOrName));
    }

    /** The schedule of this identifier or name, or NOT_FOUND. */
    public Schedule get(Caller caller, String idOrName) {
        return find(caller, idOrName).orElseThrow(() -> unknown(idOrName));
    }

    /** Schedules. */
    public Listing<Schedule> list(Caller caller, ListQuery<ScheduleField> query) {
        return store.list(caller.tenant(), query);
    }

    /** Numbers over all schedules. */
    public ScheduleStore.Stats stats(Caller caller) {
        return store.stats(caller.tenant(), now());
    }

    /**
     * Changes a schedule. With another plan, or by being enabled, it begins anew with what is planned after now, and
     * otherwise it goes on where it was.
     *
     * @param change makes the new definition of the old one; may be called more than once
     * @param enabled whether it is to fire; empty to leave that as it is
     * @param expectedRevision the revision the caller has seen; empty to change whatever is there
     */
    public Schedule update(
            Caller caller,
            String idOrName,
            UnaryOperator<ScheduleDefinition> change,
            Optional<Boolean> enabled,
            OptionalLong expectedRevision) {
        for (int attempt = 1; ; attempt++) {
            Schedule before = expected(get(caller, idOrName), expectedRevision);
            ScheduleDefinition definition = change.apply(before.definition());
            if (before.systemOwned() && !definition.name().equals(before.name())) {
                throw new RatchetException(
                        ErrorCode.CONFLICT, "schedule " + before.name() + " is part of the program and keeps its name");
            }
            boolean begins = enabled.orElse(false) && !before.enabled();
            if (begins || !definition.equals(before.definition())) {
                check(caller, definition);
            }
            Optional<Schedule> after = transactions.write(() -> changedWithin(caller, before, definition, enabled));
            if (after.isPresent()) {
                changed(before.id());
                return after.get();
            }
            if (attempt == CONTENDED_ATTEMPTS) {
                throw new RatchetException(
                        ErrorCode.CONFLICT, "schedule " + before.name() + " keeps changing; try again");
            }
        }
    }

    private Optional<Schedule> changedWithin(
            Caller caller, Schedule before, ScheduleDefinition definition, Optional<Boolean> enabled) {
        Optional<Schedule> locked = store.lock(caller.tenant(), before.id(), true);
        if (locked.isEmpty() || locked.get().revision() != before.revision()) {
            return Optional.empty();
        }
        Schedule current = locked.get();
        if (!definition.name().equals(current.name())) {
            requireFree(caller, definition.name());
        }
        Instant now = now();
        boolean planChanged = !definition.plan().equals(current.definition().plan());
        if (planChanged) {
            definition.plan().requireFiresAfter(now);
        }
        boolean fires = enabled.orElse(current.enabled());
        Progress progress = current.progress();
        if (!fires) {
            progress = progress.withNextRun(Optional.empty());
        } else if (planChanged || !current.enabled()) {
            progress = progress.withNextRun(Optional.of(nextOf(current, definition.plan(), now)));
        }
        if (fires && !current.enabled()) {
            progress = progress.forgiven();
        }
        Schedule after = current.changed(definition, fires, progress, now);
        store.replace(after);
        return Optional.of(after);
    }

    private static Instant nextOf(Schedule schedule, SchedulePlan plan, Instant now) {
        return plan.next(now, schedule.progress().executionCount()).orElseThrow(() -> {
            boolean used = plan.next(now, 0).isPresent();
            String reason = used
                    ? "has fired " + schedule.progress().executionCount()
                            + " times, as often as maxExecutions allows; accepted: a larger maxExecutions"
                    : "never fires after " + now + "; accepted: a plan with an instant in the future";
            return new RatchetException(ErrorCode.CONFLICT, "schedule " + schedule.name() + " " + reason);
        });
    }

    /** Lets a schedule fire, from what is planned after now on. */
    public Schedule enable(Caller caller, String idOrName, OptionalLong expectedRevision) {
        return switched(caller, idOrName, true, expectedRevision);
    }

    /** Lets a schedule fire no more. Jobs it has made go on. */
    public Schedule disable(Caller caller, String idOrName, OptionalLong expectedRevision) {
        return switched(caller, idOrName, false, expectedRevision);
    }

    private Schedule switched(Caller caller, String idOrName, boolean enabled, OptionalLong expectedRevision) {
        Schedule before = expected(get(caller, idOrName), expectedRevision);
        return before.enabled() == enabled
                ? before
                : update(caller, idOrName, UnaryOperator.identity(), Optional.of(enabled), expectedRevision);
    }

    /** Disables an enabled schedule for a reason of the program's. */
    void stop(Caller caller, ScheduleId id, String reason) {
        boolean stopped = transactions.write(() -> {
            Optional<Schedule> enabled = store.lock(caller.tenant(), id, true).filter(Schedule::enabled);
            enabled.ifPresent(schedule -> store.replace(schedule.stopped(reason)));
            return enabled.isPresent();
        });
        if (stopped) {
            changed(id);
        }
    }

    /** Removes a schedule. Jobs it has made go on. */
    public void delete(Caller caller, String idOrName, OptionalLong expectedRevision) {
        Schedule schedule = transactions.write(() -> {
            Schedule found = get(caller, idOrName);
            Schedule locked = store.lock(caller.tenant(), found.id(), true).orElseThrow(() -> unknown(idOrName));
            expected(locked, expectedRevision);
            if (locked.systemOwned()) {
                throw new RatchetException(
                        ErrorCode.CONFLICT,
                        "schedule " + locked.name() + " is part of the program; it can be disabled");
            }
            store.delete(caller.tenant(), locked.id());
            return locked;
        });
        changed(schedule.id());
    }

    /**
     * Makes a job of an enabled schedule now, beside what it plans; it counts neither for {@code maxExecutions} nor as
     * its last run. The overlap policy holds: with {@code skip} an unfinished job is a CONFLICT.
     *
     * @throws RatchetException CONFLICT when it is disabled, and as {@link Jobs#submit} does
     */
    public Job trigger(Caller caller, String idOrName) {
        Schedule schedule = get(caller, idOrName);
        if (!schedule.enabled()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "schedule " + schedule.name() + " is disabled; enable it to trigger it");
        }
        JobRequest request = FireRequests.triggered(schedule);
        switch (schedule.definition().plan().overlap()) {
            case ALLOW, QUEUE -> {}
            case SKIP -> {
                List<JobId> unfinished = store.unfinishedJobs(caller.tenant(), schedule.id(), 1);
                if (!unfinished.isEmpty()) {
                    throw new RatchetException(
                            ErrorCode.CONFLICT,
                            "job " + unfinished.getFirst() + " of schedule " + schedule.name()
                                    + " has not finished, and its overlap policy is skip");
                }
            }
            case CANCEL_PREVIOUS -> {
                // What is refused must not cost the jobs before it.
                jobs.prepare(caller, request);
                previous.cancel(caller, previous.of(schedule), "its schedule was triggered by " + caller.actor());
            }
        }
        JobId job = jobs.submit(caller, request).job();
        return jobs.get(caller, job);
    }

    /**
     * A planned instant that lies ahead.
     *
     * @param plannedFor the instant
     * @param startsAt when its job may begin: then, or later by the jitter
     */
    public record PlannedRun(Instant plannedFor, Instant startsAt) {}

    /**
     * The next runs of a stored schedule, as they are or would be if it were enabled.
     *
     * @param count 0 to {@value Timing#MAX_PREVIEW}
     */
    public List<PlannedRun> preview(Caller caller, String idOrName, int count) {
        Schedule schedule = get(caller, idOrName);
        SchedulePlan plan = schedule.definition().plan();
        return plan.preview(now(), schedule.progress().executionCount(), checkedCount(count)).stream()
                .map(planned -> new PlannedRun(planned, plan.jobTime(schedule.id(), planned)))
                .toList();
    }

    /**
     * The next instants of a plan that need not be stored. Without the jitter, which depends on the schedule.
     *
     * @param count 0 to {@value Timing#MAX_PREVIEW}
     */
    public List<Instant> preview(SchedulePlan plan, int count) {
        return plan.preview(now(), 0, checkedCount(count));
    }

    private static int checkedCount(int count) {
        if (count < 0 || count > Timing.MAX_PREVIEW) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "count " + count + " is out of range; accepted: 0 to " + Timing.MAX_PREVIEW);
        }
        return count;
    }

    /** Everything but the plan, which is checked against the time at which it is stored. */
    private void check(Caller caller, ScheduleDefinition definition) {
        definition.check();
        Task task = tasks.task(caller, definition.task().toString());
        List<Problem> problems = executor.inputProblems(tasks.content(task, task.active()), definition.input());
        if (!problems.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the input does not satisfy the input schema of " + task.name(),
                    problems);
        }
    }

    private static Schedule expected(Schedule schedule, OptionalLong revision) {
        if (revision.isPresent() && revision.getAsLong() != schedule.revision()) {
            throw new RatchetException(
                    ErrorCode.PRECONDITION_FAILED,
                    "schedule " + schedule.name() + " has changed: it is at revision " + schedule.revision() + ", not "
                            + revision.getAsLong());
        }
        return schedule;
    }

    private void changed(ScheduleId id) {
        signals.raise(Signals.Topic.SCHEDULES, id.toString());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static RatchetException unknown(String idOrName) {
        String shown = idOrName.length() > MAX_SHOWN ? idOrName.substring(0, MAX_SHOWN) + "…" : idOrName;
        return new RatchetException(ErrorCode.NOT_FOUND, "there is no schedule '" + shown + "'");
    }
}
