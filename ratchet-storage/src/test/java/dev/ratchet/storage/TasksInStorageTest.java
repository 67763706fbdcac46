package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NewJob;
import dev.ratchet.core.job.QueuedTasks;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.JsonComparison;
import dev.ratchet.core.task.NewTask;
import dev.ratchet.core.task.Publication;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskPackages;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import dev.ratchet.core.task.Tasks;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The use cases of tasks on real databases, where transactions and other callers are real too. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class TasksInStorageTest {
    private static final Caller ANNA = Caller.LOCAL;
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    /** Every code is good. */
    private static final TaskRunner RUNNER = new TaskRunner() {
        @Override
        public Running start(ExecutionRequest request) {
            throw new UnsupportedOperationException("nothing runs in this test");
        }

        @Override
        public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
            return CompletableFuture.completedFuture(List.of());
        }
    };

    private final TestDatabase database;
    private final JobStore jobs;
    private final Tasks tasks;

    TasksInStorageTest(TestDatabase.Vendor vendor) {
        this.database = TestDatabase.open(vendor);
        this.jobs = database.get(JobStore.class);
        this.tasks = new Tasks(
                database.get(TaskStore.class),
                new QueuedTasks(jobs, DeliveryPlanner.NONE, Signals.local()),
                database.get(Transactions.class),
                RUNNER,
                (source, schema) -> new SchemaCompiler.Compilation.Compiled((name, value) -> List.of()),
                (from, to) -> new JsonComparison.Result(List.of(), false),
                new UuidV7(InstantSource.system(), new SecureRandom()),
                InstantSource.system());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Task create() {
        return tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 0"), new NewTask(true, Task.Source.API));
    }

    @Test
    void publishWhenManyDoItAtOnceGivesEachAVersionOrSaysThatItIsBusy() throws Exception {
        create();
        List<Future<Publication>> publications = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 8; i++) {
                int number = i;
                publications.add(callers.submit(() -> tasks.publish(
                        ANNA, "greet", TaskPackages.of("greet", "1.0." + number, "() => " + number), "", true)));
            }
        }
        int published = 0;
        for (Future<Publication> publication : publications) {
            if (publication.state() == Future.State.SUCCESS) {
                published++;
            } else {
                assertThat(publication.exceptionNow())
                        .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                                .isEqualTo(ErrorCode.CONFLICT));
            }
        }

        assertThat(published).isPositive();
        assertThat(tasks.versions(ANNA, "greet", OptionalInt.empty(), 100))
                .extracting(TaskVersion::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, published + 1).boxed().toList().reversed());
        assertThat(tasks.activations(ANNA, "greet", 100)).hasSize(published + 1);
        assertThat(tasks.resolve(ANNA, "greet").revision()).isEqualTo(published + 1);
    }

    @Test
    void rollbackGoesBackOnRealActivations() {
        Task first = create();
        tasks.publish(ANNA, "greet", TaskPackages.of("greet", "1.1.0", "() => 1"), "", true);

        Task back = tasks.rollback(ANNA, "greet", OptionalLong.of(2));

        assertThat(back.active()).isEqualTo(first.active());
        assertThat(tasks.resolve(ANNA, "greet")).isEqualTo(back);
        assertThat(tasks.content(ANNA, "greet")).isEqualTo(TaskPackages.of("greet", "1.0.0", "() => 0"));
    }

    @Test
    void setPausedIsOneChangeOfTheTask() {
        create();

        Task paused = tasks.setPaused(ANNA, "greet", true, OptionalLong.of(1));

        assertThat(paused.paused()).isTrue();
        assertThat(paused.revision()).isEqualTo(2);
        assertThat(tasks.resolve(ANNA, "greet")).isEqualTo(paused);
        assertThat(tasks.setPaused(ANNA, "greet", false, OptionalLong.of(2)).paused())
                .isFalse();
    }

    @Test
    void deleteWhenAJobWaitsNeedsForce() throws Exception {
        Task task = create();
        JobId job = submit(task);

        assertThatThrownBy(() -> tasks.delete(ANNA, "greet", false, OptionalLong.empty()))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT));
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            caller.submit(() -> tasks.delete(ANNA, "greet", true, OptionalLong.empty()))
                    .get(60, TimeUnit.SECONDS);
        }

        assertThat(tasks.find(ANNA, "greet")).isEmpty();
        assertThat(jobs.find(ANNA.tenant(), job).orElseThrow().status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(tasks.nameOf(ANNA, task.id())).contains("greet");
    }

    private JobId submit(Task task) {
        Job job = new Job(
                new JobId(UUID.randomUUID()),
                task.tenant(),
                task.id(),
                task.active(),
                RunOrigin.API,
                Optional.empty(),
                "anna",
                JobPriority.NORMAL,
                JobStatus.QUEUED,
                0,
                RetryPolicy.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                NOW,
                Optional.empty(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                new ExecutionId(UUID.randomUUID()),
                1,
                Optional.empty(),
                false,
                false,
                1);
        jobs.accept(new NewJob(
                job, JsonText.EMPTY_OBJECT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        return job.id();
    }
}
