package dev.ratchet.storage;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.FailureDetails;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.AttemptRunner;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.job.QueueSettings;
import dev.ratchet.core.job.QueuedTasks;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.ScheduleTicker;
import dev.ratchet.core.schedule.Schedules;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.JsonComparison;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import dev.ratchet.core.task.Tasks;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Schedules in a new database, with a queue that accepts and does not run, and a clock that stands still. */
final class SchedulesFixture implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Caller CALLER = Caller.LOCAL;
    /** The one input that no task of the fixture takes. */
    static final JsonText BAD_INPUT = new JsonText("{\"bad\":true}");

    final TestDatabase database;
    final AtomicReference<Instant> now = new AtomicReference<>(START);
    final InstantSource clock = now::get;
    final UuidV7 ids = new UuidV7(InstantSource.system(), new SecureRandom());
    final Signals signals = Signals.local();
    final TaskExecutor executor = new TaskExecutor(
            new NoRunner(),
            (_, _) -> new SchemaCompiler.Compilation.Compiled(
                    (source, value) -> value.equals(BAD_INPUT) ? List.of(Problem.of(source, "is bad")) : List.of()));
    final Jobs jobs;
    final Schedules schedules;
    final Task task;
    private final List<ScheduleTicker> tickers = new ArrayList<>();

    SchedulesFixture(TestDatabase.Vendor vendor) {
        database = TestDatabase.open(vendor);
        jobs = jobs(100_000);
        schedules = new Schedules(
                store(),
                new TaskLookup(tasks()),
                executor,
                jobs,
                database.get(Transactions.class),
                signals,
                ids,
                clock);
        task = newTask("greet");
    }

    ScheduleStore store() {
        return database.get(ScheduleStore.class);
    }

    TaskStore tasks() {
        return database.get(TaskStore.class);
    }

    /** The queue as another server sees it. */
    Jobs jobs(int maxWaiting) {
        QueueSettings defaults = QueueSettings.DEFAULTS;
        QueueSettings settings = new QueueSettings(
                defaults.maxRunning(),
                maxWaiting,
                defaults.lease(),
                defaults.heartbeat(),
                defaults.poll(),
                defaults.retry(),
                defaults.idempotencyTtl(),
                defaults.drain());
        ExecutionEvents events = new ExecutionEvents();
        AttemptRunner runner = new AttemptRunner(
                tasks(),
                database.get(JobStore.class),
                database.get(ExecutionStore.class),
                executor,
                new NoResources(),
                RunRecorder.NONE,
                ResultCache.NONE,
                DeliveryPlanner.NONE,
                new NoFailures(),
                events,
                ids,
                () -> "seed",
                new SecureRandom(),
                clock);
        Dispatcher dispatcher = new Dispatcher(
                database.get(JobStore.class),
                database.get(NodeStore.class),
                runner,
                signals,
                settings,
                clock,
                new NodeId(ids.next()),
                "test");
        return new Jobs(
                new TaskLookup(tasks()),
                database.get(JobStore.class),
                executor,
                dispatcher,
                events,
                settings,
                ids,
                clock);
    }

    /** What can be done with tasks; every code and every schema is found right. */
    Tasks newTasks() {
        return new Tasks(
                tasks(),
                new QueuedTasks(database.get(JobStore.class), DeliveryPlanner.NONE, signals),
                database.get(Transactions.class),
                new NoRunner(),
                (_, _) -> new SchemaCompiler.Compilation.Compiled((_, _) -> List.of()),
                (_, _) -> new JsonComparison.Result(List.of(), false),
                ids,
                clock);
    }

    /** A package with an input schema, different for each name. */
    static TaskPackage content(String name, Optional<UUID> uuid) {
        TaskCode code = TaskCode.ofSingleFile("main.js", "(input) => input // " + name);
        JsonText schema = new JsonText("{\"title\":\"" + name + "\"}");
        return new TaskPackage(
                new TaskMetadata(name, name, "1.0.0", uuid, "", List.of(), "", "", JsonText.EMPTY_OBJECT),
                code,
                Optional.of(schema),
                Optional.empty(),
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                JsonText.EMPTY_OBJECT,
                ContentHash.of(code, JsonText.EMPTY_OBJECT, Optional.of(schema), Optional.empty()));
    }

    Task newTask(String name) {
        TaskPackage content = content(name, Optional.empty());
        ContentHash hash = content.contentHash();
        VersionId version = new VersionId(ids.next());
        Task made = new Task(
                new TaskId(ids.next()),
                TenantId.DEFAULT,
                name,
                name,
                "",
                List.of(),
                JsonText.EMPTY_OBJECT,
                Optional.empty(),
                true,
                false,
                version,
                "1.0.0",
                hash,
                Task.Source.API,
                START,
                START,
                Optional.empty(),
                1);
        tasks().create(made, new TaskVersion(version, made.id(), hash, 1, "1.0.0", START, "test", ""), content);
        return made;
    }

    // ---- schedules

    static SchedulePlan everyMinute() {
        return SchedulePlan.of(new Timing.Interval(Duration.ofMinutes(1), START));
    }

    ScheduleDefinition definition(String name, SchedulePlan plan) {
        return ScheduleDefinition.of(task.id(), name, plan);
    }

    Schedule create(String name, SchedulePlan plan) {
        return schedules.create(CALLER, definition(name, plan), true);
    }

    Schedule again(Schedule schedule) {
        return schedules.get(CALLER, schedule.id().toString());
    }

    ScheduleTicker startTicker() {
        return startTicker(store(), jobs);
    }

    ScheduleTicker startTicker(ScheduleStore seen, Jobs queue) {
        ScheduleTicker ticker = new ScheduleTicker(seen, queue, database.get(Transactions.class), signals, clock);
        tickers.add(ticker);
        ticker.start();
        return ticker;
    }

    /** Sets the clock and waits until nothing is due any more. */
    void passUntil(Instant time) {
        now.set(time);
        signals.raise(Signals.Topic.SCHEDULES, "");
        await(() -> store().nextFire().filter(next -> !next.isAfter(time)).isEmpty());
    }

    /** A condition to wait for. */
    interface Wanted {
        boolean holds();
    }

    /** Waits, within the test's own time limit. */
    static void await(Wanted wanted) {
        while (!wanted.holds()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    // ---- jobs

    /** A job as the table has it. */
    record Made(JobId id, ScheduleId schedule, Optional<Instant> plannedFor, String status, Instant dueAt) {}

    List<Made> jobsMade() {
        return database.get(Sql.class)
                .read(session -> session.query(
                        "select id, schedule_id, planned_for, status, due_at from jobs order by planned_for, id",
                        row -> new Made(
                                Row.id(row, "id", JobId::new),
                                Row.id(row, "schedule_id", ScheduleId::new),
                                Row.optionalTime(row, "planned_for"),
                                Row.text(row, "status"),
                                Row.time(row, "due_at"))));
    }

    List<Instant> fired() {
        return jobsMade().stream().map(row -> row.plannedFor().orElseThrow()).toList();
    }

    void finish(Made job) {
        database.get(Sql.class)
                .commit(session -> session.update(
                        "update jobs set status = 'COMPLETED', gate = null, completed_at = ? where id = ?",
                        clock.millis(),
                        job.id().toString()));
    }

    @Override
    public void close() {
        tickers.forEach(ScheduleTicker::close);
        database.close();
    }

    // ---- what a queue that does not run needs

    private static final class NoRunner implements TaskRunner {
        @Override
        public Running start(ExecutionRequest request) {
            throw new AssertionError("nothing runs here");
        }

        @Override
        public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
            return CompletableFuture.completedFuture(List.of());
        }
    }

    private static final class NoResources implements RunResources {
        @Override
        public FetchHandler fetches(
                TenantId tenant, TaskId task, TaskPackage content, TaskLimits limits, Secrets secrets) {
            throw new AssertionError("nothing runs here");
        }

        @Override
        public Secrets secrets(TenantId tenant, TaskPackage content) {
            throw new AssertionError("nothing runs here");
        }
    }

    private static final class NoFailures implements FailureDetails {
        @Override
        public ExecutionError describe(ExecutionOutcome outcome) {
            throw new AssertionError("nothing runs here");
        }

        @Override
        public RetryHints hints(ExecutionOutcome outcome) {
            return RetryHints.NONE;
        }
    }
}
