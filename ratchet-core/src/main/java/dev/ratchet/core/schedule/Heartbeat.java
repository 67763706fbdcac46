package dev.ratchet.core.schedule;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.schedule.Timing.Cron;
import dev.ratchet.core.task.NewTask;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The server's own task, run by its own schedule, so that somebody who watches the server's output sees that schedules
 * fire, workers run and results are delivered. Both are a task and a schedule like all others, except that they cannot
 * be deleted. Thread-safe.
 */
public final class Heartbeat {
    /** Identifier of the task's package. */
    public static final UUID TASK = UUID.fromString("00000000-0000-0000-0000-000000000001");

    /** Name of the schedule. */
    public static final String SCHEDULE = "system_heartbeat";

    /** The schedule's cron expression where nothing else is configured. */
    public static final String DEFAULT_CRON = "*/5 * * * *";

    private static final Caller CALLER = new Caller(TenantId.DEFAULT, "heartbeat");

    private static final String SWITCHED_OFF = "switched off in the configuration";

    private static final JsonText DESTINATIONS = new JsonText("""
            [{"destinationType": "stdio", "stdio": {"stream": "stdout", "format": "JSON", "prefix": "[HEARTBEAT] "}}]""");

    private final Tasks tasks;
    private final Schedules schedules;

    public Heartbeat(Tasks tasks, Schedules schedules) {
        this.tasks = Objects.requireNonNull(tasks, "tasks");
        this.schedules = Objects.requireNonNull(schedules, "schedules");
    }

    /**
     * Makes what is missing of task and schedule, and leaves what an operator has changed, except: code the task has
     * never had comes from a newer program and becomes active; a cron expression other than {@link #DEFAULT_CRON} is put
     * into force; what {@link #switchOff} disabled is enabled. Any number of servers may do so at once. Has the code
     * inspected in a worker where it is new, so it may take a while.
     *
     * @param shipped the task as it is part of the program
     * @param cron when it runs, in UTC
     * @throws RatchetException CONFLICT when a task or schedule that is not the program's has a name that is needed,
     *     VALIDATION_ERROR for the cron expression
     */
    public void ensure(TaskPackage shipped, String cron) {
        Cron timing = Cron.of(cron, "UTC", DstPolicy.SHIFT);
        unlessTaken(() -> {
            Task task = task(shipped);
            schedule(task, timing, !cron.equals(DEFAULT_CRON));
        });
    }

    /** Disables the schedule, if there is one; the operator's enabling it again lasts until the next call. */
    public void switchOff() {
        schedules
                .find(CALLER, SCHEDULE)
                .filter(schedule -> schedule.systemOwned() && schedule.enabled())
                .ifPresent(schedule -> schedules.stop(CALLER, schedule.id(), SWITCHED_OFF));
    }

    private interface Work {
        void run();
    }

    /** Once more where another server was quicker: then it finds what that one has made. */
    private static void unlessTaken(Work work) {
        try {
            work.run();
        } catch (RatchetException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
            work.run();
        }
    }

    private Task task(TaskPackage shipped) {
        Optional<Task> found = tasks.find(CALLER, TASK.toString());
        if (found.isEmpty()) {
            return tasks.create(CALLER, shipped, new NewTask(true, Task.Source.SYSTEM));
        }
        Task task = found.get();
        if (task.source() != Task.Source.SYSTEM) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "task " + task.name() + " has the identifier of the server's heartbeat; give it another one");
        }
        if (has(task, shipped)) {
            return task;
        }
        return tasks.publish(CALLER, task.id().toString(), shipped, "part of a newer server", true)
                .task();
    }

    private boolean has(Task task, TaskPackage shipped) {
        try {
            tasks.version(CALLER, task.id().toString(), shipped.contentHash().hex());
            return true;
        } catch (RatchetException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private void schedule(Task task, Cron timing, boolean configured) {
        Optional<Schedule> found = schedules.find(CALLER, SCHEDULE);
        if (found.isEmpty()) {
            schedules.create(CALLER, definition(task, timing), true, true);
            return;
        }
        Schedule schedule = found.get();
        if (!schedule.systemOwned()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "schedule " + SCHEDULE + " is not the server's own; give it another name");
        }
        SchedulePlan plan = schedule.definition().plan();
        boolean otherTime = configured && !plan.timing().equals(timing);
        boolean wasSwitchedOff = schedule.pauseReason().equals(Optional.of(SWITCHED_OFF));
        if (otherTime || wasSwitchedOff) {
            schedules.update(
                    CALLER,
                    schedule.id().toString(),
                    before -> otherTime ? before.withPlan(at(timing, before.plan())) : before,
                    wasSwitchedOff ? Optional.of(true) : Optional.empty(),
                    OptionalLong.empty());
        }
    }

    private static SchedulePlan at(Cron timing, SchedulePlan before) {
        return new SchedulePlan(
                timing,
                before.start(),
                before.end(),
                before.maxExecutions(),
                before.misfire(),
                before.overlap(),
                before.jitter());
    }

    private static ScheduleDefinition definition(Task task, Cron timing) {
        SchedulePlan plan = new SchedulePlan(
                timing,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                // A beat that comes late says nothing.
                new MisfirePolicy(MisfirePolicy.Mode.SKIP, Duration.ofDays(1)),
                OverlapPolicy.SKIP,
                Duration.ZERO);
        return ScheduleDefinition.of(task.id(), SCHEDULE, plan)
                .withDescription("Shows that the server runs tasks.")
                .withPriority(JobPriority.LOW)
                .withMaxRetries(Optional.of(0))
                .withTags(List.of("system"))
                .withDestinations(Optional.of(DESTINATIONS));
    }
}
