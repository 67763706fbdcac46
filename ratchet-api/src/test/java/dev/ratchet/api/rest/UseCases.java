package dev.ratchet.api.rest;

import dev.ratchet.api.ApiServer;
import dev.ratchet.api.ApiSettings;
import dev.ratchet.api.WorkerList;
import dev.ratchet.api.web.Controller;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.Deliveries;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.FailureDetails;
import dev.ratchet.core.execution.Replayer;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.job.AttemptRunner;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.job.QueueSettings;
import dev.ratchet.core.job.QueuedTasks;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.Schedules;
import dev.ratchet.core.task.JsonComparison;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.Tasks;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The real use cases on ports that a test answers. */
final class UseCases {
    static final InstantSource CLOCK = InstantSource.fixed(ApiServer.NOW);

    final Stub<TaskStore> taskStore = Stub.of(TaskStore.class);
    final Stub<JobStore> jobStore = Stub.of(JobStore.class);
    final Stub<ExecutionStore> executionStore = Stub.of(ExecutionStore.class);
    final Stub<ScheduleStore> scheduleStore = Stub.of(ScheduleStore.class);
    final Stub<DeliveryStore> deliveryStore = Stub.of(DeliveryStore.class);
    final Stub<PackageFormat> format = Stub.of(PackageFormat.class);
    final Stub<OutputDestinations> destinations = Stub.of(OutputDestinations.class)
            .on("read", _ -> List.of())
            .on("write", arguments -> new JsonText(Boolean.TRUE.equals(arguments[1]) ? "[{\"shown\":1}]" : "[{}]"));
    final ExecutionEvents events = new ExecutionEvents();
    List<WorkerList.Worker> workers = List.of();

    private final Signals signals = Signals.local();
    private final UuidV7 ids = new UuidV7(CLOCK, new SecureRandom());

    List<Controller> controllers() {
        Object sound = CompletableFuture.completedFuture(List.of());
        SchemaCompiler schemas = Stub.of(SchemaCompiler.class)
                .on("compile", _ -> new SchemaCompiler.Compilation.Compiled((_, _) -> List.of()))
                .get();
        TaskRunner runner = Stub.of(TaskRunner.class).on("inspect", _ -> sound).get();
        Transactions transactions = new Transactions() {
            @Override
            public <T> T write(Supplier<T> work) {
                return work.get();
            }

            @Override
            public <T> T read(Supplier<T> work) {
                return work.get();
            }
        };
        Tasks tasks = new Tasks(
                taskStore.get(),
                new QueuedTasks(jobStore.get(), DeliveryPlanner.NONE, signals),
                transactions,
                runner,
                schemas,
                Stub.of(JsonComparison.class).get(),
                ids,
                CLOCK);
        TaskLookup lookup = new TaskLookup(taskStore.get());
        TaskExecutor executor = new TaskExecutor(runner, schemas);
        AttemptRunner attempts = new AttemptRunner(
                taskStore.get(),
                jobStore.get(),
                executionStore.get(),
                executor,
                Stub.of(RunResources.class).get(),
                RunRecorder.NONE,
                Stub.of(ResultCache.class).get(),
                DeliveryPlanner.NONE,
                Stub.of(FailureDetails.class).get(),
                events,
                ids,
                () -> "seed",
                new Random(1),
                CLOCK);
        Dispatcher dispatcher = new Dispatcher(
                jobStore.get(),
                Stub.of(NodeStore.class).get(),
                attempts,
                signals,
                QueueSettings.DEFAULTS,
                CLOCK,
                new NodeId(new UUID(7, 7)),
                "test");
        Jobs jobs = new Jobs(lookup, jobStore.get(), executor, dispatcher, events, QueueSettings.DEFAULTS, ids, CLOCK);
        Executions executions = new Executions(
                executionStore.get(), jobs, lookup, Stub.of(Replayer.class).get(), events);
        Deliveries deliveries = new Deliveries(deliveryStore.get(), signals, CLOCK);
        Destinations targets = new Destinations(destinations.get());
        Schedules schedules =
                new Schedules(scheduleStore.get(), lookup, executor, jobs, transactions, signals, ids, CLOCK);
        return List.of(
                new TaskController(tasks, jobs, executions, format.get(), targets, ApiSettings.DEFAULTS),
                new ExecutionController(executions, jobs, targets, ApiSettings.DEFAULTS),
                new JobController(jobs, executions, targets),
                new ScheduleController(schedules, tasks, targets),
                new DeliveryController(deliveries, executions, targets),
                new WorkerController(() -> workers));
    }
}
