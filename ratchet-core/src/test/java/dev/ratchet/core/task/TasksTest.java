package dev.ratchet.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.QueuedTasks;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.task.VersionDiff.FileDiff;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TasksTest {
    private static final Caller ANNA = new Caller(TenantId.DEFAULT, "anna");
    private static final NewTask ENABLED = new NewTask(true, Task.Source.API);
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123456Z");

    private boolean writing;
    private final Transactions transactions = new Transactions() {
        @Override
        public <T> T write(Supplier<T> work) {
            boolean outer = writing;
            writing = true;
            try {
                return work.get();
            } finally {
                writing = outer;
            }
        }

        @Override
        public <T> T read(Supplier<T> work) {
            return work.get();
        }
    };
    /** Code with {@code broken} in it has a problem. */
    private final TaskRunner runner = new TaskRunner() {
        @Override
        public Running start(ExecutionRequest request) {
            throw new UnsupportedOperationException("nothing runs in this test");
        }

        @Override
        public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
            assertThat(writing).as("within a write transaction").isFalse();
            return CompletableFuture.completedFuture(code.files().values().stream()
                    .filter(text -> text.contains("broken"))
                    .map(text -> new Problem("main.js", "1:1", "broken"))
                    .toList());
        }
    };
    /** The schema {@code false} does not compile. */
    private final SchemaCompiler schemas = (source, schema) -> schema.value().equals("false")
            ? new SchemaCompiler.Compilation.Rejected(List.of(Problem.of(source, "faulty")))
            : new SchemaCompiler.Compilation.Compiled((name, value) -> List.of());

    private final JsonComparison comparison = (from, to) -> new JsonComparison.Result(
            from.equals(to)
                    ? List.of()
                    : List.of(new JsonComparison.Difference("", Optional.of(from), Optional.of(to))),
            false);
    private final List<Job> unfinished = new ArrayList<>();
    private final Signals signals = Signals.local();
    private final List<String> calls = new ArrayList<>();
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Tasks tasks = new Tasks(
            store,
            new QueuedTasks(jobs(), DeliveryPlanner.NONE, signals),
            transactions,
            runner,
            schemas,
            comparison,
            new UuidV7(InstantSource.fixed(NOW), new SecureRandom()),
            InstantSource.fixed(NOW));

    private JobStore jobs() {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (_, method, arguments) -> {
                    calls.addAll(
                            switch (method.getName()) {
                                case "pauseTask" -> List.of("paused " + arguments[2]);
                                case "cancel" -> List.of("cancelled " + arguments[1]);
                                case "list" -> List.<String>of();
                                default -> throw new UnsupportedOperationException(method.getName());
                            });
                    return method.getName().equals("list")
                            ? new Listing<>(List.copyOf(unfinished), Optional.empty(), Optional.empty())
                            : null;
                });
    }

    @Test
    void createWhenValidStoresTheTaskWithItsFirstVersion() {
        TaskPackage content = TaskPackages.of("greet", "1.0.0", "() => 1");

        Task task = tasks.create(ANNA, content, ENABLED);

        assertThat(tasks.resolve(ANNA, "greet")).isEqualTo(task);
        assertThat(tasks.resolve(ANNA, task.id().toString())).isEqualTo(task);
        assertThat(task.revision()).isEqualTo(1);
        assertThat(task.createdAt()).isEqualTo(Instant.parse("2026-01-31T12:00:00.123Z"));
        assertThat(tasks.content(ANNA, "greet")).isEqualTo(content);
        assertThat(tasks.version(ANNA, "greet", "active").createdBy()).isEqualTo("anna");
    }

    @Test
    void createWhenSeveralThingsAreWrongSaysAllOfThem() {
        TaskPackage content = TaskPackages.of(
                "no name",
                "1.0",
                Map.of("main.js", "broken"),
                Optional.of(new JsonText("false")),
                "{}",
                Optional.of(new JsonText("false")));

        assertThatThrownBy(() -> tasks.create(ANNA, content, ENABLED))
                .isInstanceOfSatisfying(RatchetException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PACKAGE);
                    assertThat(error.problems())
                            .extracting(Problem::source)
                            .containsExactly("name", "version", "inputSchema", "outputSchema", "main.js");
                });
        assertThat(tasks.validate(ANNA, content)).hasSize(5);
        assertThat(tasks.stats(ANNA).total()).isZero();
    }

    @Test
    void createWhenTheNameOrThePackageIdentifierIsTakenConflicts() {
        UUID uuid = UUID.randomUUID();
        TaskPackage first = TaskPackages.withUuid(TaskPackages.of("greet", "1.0.0", "() => 1"), uuid);
        tasks.create(ANNA, first, ENABLED);

        assertFails(
                () -> tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 2"), ENABLED), ErrorCode.CONFLICT);
        assertFails(
                () -> tasks.create(
                        ANNA, TaskPackages.withUuid(TaskPackages.of("other", "1.0.0", "() => 2"), uuid), ENABLED),
                ErrorCode.CONFLICT);
        assertThat(tasks.resolve(ANNA, uuid.toString()).name()).isEqualTo("greet");
    }

    @Test
    void resolveWhenAnotherTenantsIsNotFound() {
        Task task = tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        Caller other = new Caller(new TenantId("other"), "eve");

        assertThat(tasks.find(other, "greet")).isEmpty();
        assertFails(() -> tasks.resolve(other, task.id().toString()), ErrorCode.NOT_FOUND);
    }

    @Test
    void publishWhenNewMakesAVersionAndActivatesItAsTold() {
        Task before = tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);

        Publication waiting = tasks.publish(ANNA, "greet", TaskPackages.of("greet", "1.1.0", "() => 2"), "two", false);
        Publication active = tasks.publish(ANNA, "greet", TaskPackages.of("greet", "1.2.0", "() => 3"), "", true);

        assertThat(waiting.created()).isTrue();
        assertThat(waiting.task().active()).isEqualTo(before.active());
        assertThat(waiting.version().changeDescription()).isEqualTo("two");
        assertThat(active.task().active()).isEqualTo(active.version().id());
        assertThat(active.task().version()).isEqualTo("1.2.0");
        assertThat(active.task().revision()).isEqualTo(3);
        assertThat(tasks.versions(ANNA, "greet", OptionalInt.empty(), 10))
                .extracting(TaskVersion::number)
                .containsExactly(3, 2, 1);
        assertThat(tasks.versions(ANNA, "greet", OptionalInt.of(3), 1))
                .extracting(TaskVersion::number)
                .containsExactly(2);
    }

    @Test
    void publishWhenTheContentIsKnownMakesNoVersionAndReplacesWhatTheHashLeavesOut() {
        TaskPackage first = TaskPackages.of("greet", "1.0.0", "() => 1");
        Task task = tasks.create(ANNA, first, ENABLED);
        TaskPackage patient = TaskPackages.withRetry(first, RetryPolicy.DEFAULT);

        Publication again = tasks.publish(ANNA, "greet", patient, "", true);

        assertThat(again.created()).isFalse();
        assertThat(again.version().id()).isEqualTo(task.active());
        assertThat(tasks.content(ANNA, "greet").retry()).contains(RetryPolicy.DEFAULT);
        assertThat(tasks.versions(ANNA, "greet", OptionalInt.empty(), 10)).hasSize(1);
        assertThat(tasks.activations(ANNA, "greet", 10)).hasSize(1);
    }

    @Test
    void publishWhenFaultyStoresNothing() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);

        assertFails(
                () -> tasks.publish(ANNA, "greet", TaskPackages.of("greet", "1.1.0", "broken"), "", true),
                ErrorCode.INVALID_PACKAGE);

        assertThat(tasks.resolve(ANNA, "greet").revision()).isEqualTo(1);
    }

    @Test
    void updateWhenAllAtOnceHappensInOneRevision() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        TaskChange change = new TaskChange(
                Optional.of("welcome"),
                Optional.of("Welcome"),
                Optional.of("Says hello"),
                Optional.of(List.of("a", "b")),
                Optional.of(new JsonText("{\"team\":1}")),
                Optional.of(false),
                Optional.of(new TaskChange.Content(TaskPackages.of("greet", "2.0.0", "() => 2"), "", true)));

        Task after = tasks.update(ANNA, "greet", change, OptionalLong.of(1)).task();

        assertThat(after.revision()).isEqualTo(2);
        assertThat(after.name()).isEqualTo("welcome");
        assertThat(after.label()).isEqualTo("Welcome");
        assertThat(after.tags()).containsExactly("a", "b");
        assertThat(after.enabled()).isFalse();
        assertThat(after.version()).isEqualTo("2.0.0");
        assertThat(tasks.find(ANNA, "greet")).isEmpty();
        assertThat(tasks.resolve(ANNA, "welcome")).isEqualTo(after);
    }

    @Test
    void updateWhenNothingChangesKeepsTheRevision() {
        Task before = tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);

        assertThat(tasks.setEnabled(ANNA, "greet", true, OptionalLong.empty())).isEqualTo(before);
        assertThat(tasks.resolve(ANNA, "greet").revision()).isEqualTo(1);
    }

    @Test
    void updateWhenTheRevisionIsAnotherFails() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);

        assertFails(() -> tasks.setEnabled(ANNA, "greet", false, OptionalLong.of(2)), ErrorCode.PRECONDITION_FAILED);
    }

    @Test
    void updateWhenSomebodyComesBetweenTriesAgain() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        store.beforeNextUpdate(() -> tasks.update(
                ANNA,
                "greet",
                new TaskChange(
                        Optional.empty(),
                        Optional.of("Other"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                OptionalLong.empty()));

        Task after = tasks.setEnabled(ANNA, "greet", false, OptionalLong.empty());

        assertThat(after.label()).isEqualTo("Other");
        assertThat(after.enabled()).isFalse();
        assertThat(after.revision()).isEqualTo(3);
    }

    @Test
    void updateWhenSomebodyComesBetweenAndARevisionWasExpectedFails() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        store.beforeNextUpdate(() -> tasks.setEnabled(ANNA, "greet", false, OptionalLong.empty()));

        assertFails(() -> tasks.setPaused(ANNA, "greet", true, OptionalLong.of(1)), ErrorCode.PRECONDITION_FAILED);
        assertThat(calls).isEmpty();
    }

    @Test
    void updateWhenThePartsAreTooLargeSaysWhich() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        TaskChange change = new TaskChange(
                Optional.of("a b"),
                Optional.of("x".repeat(201)),
                Optional.of("x\0"),
                Optional.of(List.of(" ")),
                Optional.of(new JsonText("[]")),
                Optional.empty(),
                Optional.empty());

        assertThatThrownBy(() -> tasks.update(ANNA, "greet", change, OptionalLong.empty()))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.problems())
                        .extracting(Problem::source)
                        .containsExactly("name", "label", "description", "tags", "metadata"));
    }

    @Test
    void rollbackRepeatedGoesBackStepByStep() {
        VersionId a = tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED)
                .active();
        VersionId b = publish("1.1.0", "() => 2");
        VersionId c = publish("1.2.0", "() => 3");

        assertThat(tasks.rollback(ANNA, "greet", OptionalLong.empty()).active()).isEqualTo(b);
        assertThat(tasks.rollback(ANNA, "greet", OptionalLong.empty()).active()).isEqualTo(a);
        assertFails(() -> tasks.rollback(ANNA, "greet", OptionalLong.empty()), ErrorCode.CONFLICT);

        assertThat(tasks.activate(ANNA, "greet", c.toString(), OptionalLong.empty())
                        .version())
                .isEqualTo("1.2.0");
        assertThat(tasks.rollback(ANNA, "greet", OptionalLong.empty()).active()).isEqualTo(a);
        assertThat(tasks.activations(ANNA, "greet", 10))
                .extracting(Activation::version)
                .containsExactly(a, c, a, b, c, b, a);
    }

    @Test
    void versionIsFoundByIdentifierHashAndTheLatestOfASemanticVersion() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        VersionId second = publish("1.0.0", "() => 2");
        TaskVersion version = tasks.version(ANNA, "greet", "1.0.0");

        assertThat(version.id()).isEqualTo(second);
        assertThat(tasks.version(ANNA, "greet", second.toString())).isEqualTo(version);
        assertThat(tasks.version(ANNA, "greet", version.hash().hex())).isEqualTo(version);
        assertFails(() -> tasks.version(ANNA, "greet", "9.9.9"), ErrorCode.NOT_FOUND);
    }

    @Test
    void diffShowsFilesAndContract() {
        TaskPackage first = TaskPackages.of(
                "greet",
                "1.0.0",
                Map.of("main.js", "a\nb\n", "gone.js", "x", "same.js", "y"),
                Optional.of(new JsonText("{\"type\":\"object\"}")),
                "{}",
                Optional.empty());
        TaskPackage second = TaskPackages.of(
                "greet",
                "1.1.0",
                Map.of("main.js", "a\nc\n", "new.js", "xyz", "same.js", "y"),
                Optional.empty(),
                "{\"limits\":{\"fetches\":3}}",
                Optional.of(new JsonText("true")));
        tasks.create(ANNA, first, ENABLED);
        tasks.publish(ANNA, "greet", second, "", true);

        VersionDiff diff = tasks.diff(ANNA, "greet", "1.0.0", "active");

        assertThat(diff.files())
                .containsExactly(
                        new FileDiff.Removed("gone.js", 1),
                        new FileDiff.Changed("main.js", "--- a/main.js\n+++ b/main.js\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
                        new FileDiff.Added("new.js", 3));
        assertThat(diff.contract())
                .containsExactly(new JsonComparison.Difference(
                        "",
                        Optional.of(new JsonText("{\"inputSchema\":{\"type\":\"object\"}}")),
                        Optional.of(new JsonText("{\"outputSchema\":true,\"limits\":{\"fetches\":3}}"))));
        assertThat(diff.truncated()).isFalse();
    }

    @Test
    void setPausedWhenResumedWakesThoseWhoClaimOnceItIsStored() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        tasks.setPaused(ANNA, "greet", true, OptionalLong.empty());
        List<Boolean> wakings = new ArrayList<>();

        try (Cancellation.Registration _ = signals.on(Signals.Topic.JOBS, _ -> wakings.add(writing))) {
            tasks.setPaused(ANNA, "greet", false, OptionalLong.empty());
        }

        assertThat(wakings).containsExactly(false);
    }

    @Test
    void setPausedTellsTheQueueOnce() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);

        tasks.setPaused(ANNA, "greet", true, OptionalLong.empty());
        tasks.setPaused(ANNA, "greet", true, OptionalLong.empty());

        assertThat(calls).containsExactly("paused true");
        assertThat(tasks.resolve(ANNA, "greet").paused()).isTrue();
    }

    @Test
    void deleteWhenJobsAreUnfinishedNeedsForceAndThenCancelsThem() {
        tasks.create(ANNA, TaskPackages.of("greet", "1.0.0", "() => 1"), ENABLED);
        Job job = job(tasks.resolve(ANNA, "greet"));
        unfinished.add(job);

        assertFails(() -> tasks.delete(ANNA, "greet", false, OptionalLong.empty()), ErrorCode.CONFLICT);
        tasks.delete(ANNA, "greet", true, OptionalLong.empty());

        assertThat(calls).containsExactly("cancelled " + job.id());
        assertThat(tasks.find(ANNA, "greet")).isEmpty();
        assertThat(tasks.nameOf(ANNA, job.task())).contains("greet");
    }

    @Test
    void deleteWhenPartOfTheProgramIsRefused() {
        tasks.create(ANNA, TaskPackages.of("heartbeat", "1.0.0", "() => 1"), new NewTask(true, Task.Source.SYSTEM));

        assertFails(() -> tasks.delete(ANNA, "heartbeat", true, OptionalLong.empty()), ErrorCode.CONFLICT);
    }

    private VersionId publish(String version, String source) {
        return tasks.publish(ANNA, "greet", TaskPackages.of("greet", version, source), "", true)
                .version()
                .id();
    }

    private static Job job(Task task) {
        return new Job(
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
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                .isEqualTo(code));
    }
}
