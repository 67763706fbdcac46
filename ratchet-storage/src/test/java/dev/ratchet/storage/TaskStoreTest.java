package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.Activation;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskPackages;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every database must do with tasks. */
@ParameterizedClass
@EnumSource
class TaskStoreTest {
    private static final TenantId TENANT = TenantId.DEFAULT;
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");

    private final TestDatabase database;
    private final TaskStore store;
    private final Transactions transactions;
    private int count;

    TaskStoreTest(TestDatabase.Vendor vendor) {
        this.database = TestDatabase.open(vendor);
        this.store = database.get(TaskStore.class);
        this.transactions = database.get(Transactions.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void createWhenStoredIsFoundInEveryWayAfterARestart() {
        UUID packageUuid = UUID.randomUUID();
        TaskPackage content = TaskPackages.of("greet", "1.0.0", "() => 1");
        Task task = task("greet", content, Optional.of(packageUuid));
        TaskVersion version = firstVersion(task, content);

        store.create(task, version, content);
        database.restart();
        TaskStore reopened = database.get(TaskStore.class);

        assertThat(reopened.find(TENANT, task.id())).contains(task);
        assertThat(reopened.findByName(TENANT, "greet")).contains(task);
        assertThat(reopened.findByPackageUuid(TENANT, packageUuid)).contains(task);
        assertThat(reopened.nameOf(TENANT, task.id())).contains("greet");
        assertThat(reopened.version(TENANT, task.id(), task.active())).contains(version);
        assertThat(reopened.versionByHash(TENANT, task.id(), task.hash())).contains(version);
        assertThat(reopened.versionBySemver(TENANT, task.id(), "1.0.0")).contains(version);
        assertThat(reopened.content(TENANT, version.id())).contains(content);
    }

    @Test
    void everythingOfAnotherTenantIsAbsent() {
        Task task = created("greet");

        assertThat(store.find(OTHER, task.id())).isEmpty();
        assertThat(store.findByName(OTHER, "greet")).isEmpty();
        assertThat(store.nameOf(OTHER, task.id())).isEmpty();
        assertThat(store.version(OTHER, task.id(), task.active())).isEmpty();
        assertThat(store.versions(OTHER, task.id(), OptionalInt.empty(), 10)).isEmpty();
        assertThat(store.content(TENANT, task.active())).isPresent();
        assertThat(store.content(OTHER, task.active())).isEmpty();
        assertThat(store.delete(OTHER, task.id(), NOW)).isFalse();
        assertThat(store.stats(OTHER).total()).isZero();
        assertThat(store.find(TENANT, task.id())).isPresent();
    }

    @Test
    void createWhenTheNameIsTakenConflictsAndStoresNothing() {
        Task task = created("greet");

        assertThatThrownBy(() -> created("greet"))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT))
                // What is logged with it must not have the values of the statement.
                .satisfies(error -> assertThat(Throwables.getStackTrace(error))
                        .doesNotContain(task.hash().hex()));

        assertThat(store.stats(TENANT).total()).isEqualTo(1);
        assertThat(store.findByName(TENANT, "greet")).contains(task);
    }

    @Test
    void createWhenDeletedBeforeMayHaveTheName() {
        Task first = created("greet");
        assertThat(store.delete(TENANT, first.id(), NOW)).isTrue();

        Task second = created("greet");

        assertThat(store.delete(TENANT, first.id(), NOW)).isFalse();
        assertThat(store.find(TENANT, first.id())).isEmpty();
        assertThat(store.findByName(TENANT, "greet")).contains(second);
        assertThat(store.nameOf(TENANT, first.id())).contains("greet");
        assertThat(store.content(TENANT, first.active())).isPresent();
        assertThat(store.version(TENANT, first.id(), first.active())).isPresent();
    }

    @Test
    void updateWhenTheRevisionIsTheNextReplacesEverything() {
        Task before = created("greet");
        Task after = new Task(
                before.id(),
                TENANT,
                "welcome",
                "Welcome",
                "Says hello",
                List.of("a", "\"quoted\"", "ü"),
                new JsonText("{\"team\":1}"),
                before.packageUuid(),
                false,
                true,
                before.active(),
                "1.0.0",
                before.hash(),
                before.source(),
                before.createdAt(),
                NOW.plusMillis(1),
                Optional.empty(),
                2);

        assertThat(store.update(after)).isTrue();

        assertThat(store.find(TENANT, before.id())).contains(after);
        assertThat(store.findByName(TENANT, "greet")).isEmpty();
        assertThat(store.update(after)).isFalse();
    }

    @Test
    void updateWithinATransactionIsSeenThereAndUndoneWithIt() {
        Task before = created("greet");
        Task after = renamed(before, "welcome");

        assertThatThrownBy(() -> transactions.write(() -> {
                    assertThat(store.find(TENANT, before.id())).contains(before);
                    assertThat(store.update(after)).isTrue();
                    assertThat(store.find(TENANT, before.id())).contains(after);
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");

        assertThat(store.find(TENANT, before.id())).contains(before);
    }

    @Test
    void updateWhenTheNameIsTakenConflicts() {
        created("welcome");
        Task task = created("greet");

        assertThatThrownBy(() -> store.update(renamed(task, "welcome")))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void versionsAreGivenLatestFirst() {
        Task task = created("greet");
        TaskVersion second = addVersion(task, 2, "1.1.0");
        TaskVersion third = addVersion(task, 3, "1.1.0");

        assertThat(store.versions(TENANT, task.id(), OptionalInt.empty(), 2)).containsExactly(third, second);
        assertThat(store.versions(TENANT, task.id(), OptionalInt.of(2), 2))
                .extracting(TaskVersion::number)
                .containsExactly(1);
        assertThat(store.versionBySemver(TENANT, task.id(), "1.1.0")).contains(third);
        assertThat(store.versionBySemver(TENANT, task.id(), "9.9.9")).isEmpty();
    }

    @Test
    void addVersionWhenTheNumberOrTheContentIsKnownConflicts() {
        Task task = created("greet");
        TaskPackage content = TaskPackages.of("greet", "1.1.0", "() => 2");
        addVersion(task, 2, "1.1.0");

        assertThatThrownBy(() -> store.addVersion(TENANT, version(task, 2, content), content))
                .isInstanceOf(RatchetException.class);
        TaskPackage known = store.content(TENANT, task.active()).orElseThrow();
        assertThatThrownBy(() -> store.addVersion(TENANT, version(task, 3, known), known))
                .isInstanceOf(RatchetException.class);
    }

    @Test
    void contentWhenReadAgainComesFromMemory() {
        Task task = created("greet");
        RememberingCodec codec = database.get(RememberingCodec.class);

        store.content(TENANT, task.active());
        int reads = codec.reads();
        store.content(TENANT, task.active());

        assertThat(reads).isEqualTo(1);
        assertThat(codec.reads()).isEqualTo(1);
    }

    @Test
    void replaceUnhashedIsSeenAtOnceAndOnlyWithTheSameHash() {
        Task task = created("greet");
        TaskPackage before = store.content(TENANT, task.active()).orElseThrow();
        TaskPackage after = TaskPackages.withRetry(before, RetryPolicy.DEFAULT);

        store.replaceUnhashed(TENANT, task.active(), after);

        assertThat(store.content(TENANT, task.active())).contains(after);
        TaskPackage other = TaskPackages.of("greet", "1.0.0", "() => 'other'");
        assertThatThrownBy(() -> store.replaceUnhashed(TENANT, task.active(), other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void replaceUnhashedWhenUndoneIsNotSeen() {
        Task task = created("greet");
        TaskPackage before = store.content(TENANT, task.active()).orElseThrow();

        assertThatThrownBy(() -> transactions.write(() -> {
                    store.replaceUnhashed(TENANT, task.active(), TaskPackages.withRetry(before, RetryPolicy.DEFAULT));
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");

        assertThat(store.content(TENANT, task.active())).contains(before);
    }

    @Test
    void activationsAreGivenLatestFirst() {
        Task task = created("greet");
        Activation first = new Activation(1, task.active(), NOW, "anna", OptionalInt.empty());
        Activation second = new Activation(2, task.active(), NOW.plusMillis(5), "bob", OptionalInt.of(1));
        store.addActivation(TENANT, task.id(), first);
        store.addActivation(TENANT, task.id(), second);

        assertThat(store.activations(TENANT, task.id(), 10)).containsExactly(second, first);
        assertThat(store.activations(TENANT, task.id(), 1)).containsExactly(second);
        assertThat(store.activation(TENANT, task.id(), 1)).contains(first);
        assertThat(store.activation(TENANT, task.id(), 3)).isEmpty();
        assertThat(store.activations(OTHER, task.id(), 10)).isEmpty();
    }

    @Test
    void statsCountsWhatIsThere() {
        created("one");
        Task two = created("two");
        store.update(new Task(
                two.id(),
                TENANT,
                "two",
                "two",
                "",
                List.of(),
                JsonText.EMPTY_OBJECT,
                Optional.empty(),
                false,
                false,
                two.active(),
                two.version(),
                two.hash(),
                two.source(),
                NOW,
                NOW,
                Optional.empty(),
                2));
        store.delete(TENANT, created("three").id(), NOW);

        assertThat(store.stats(TENANT)).isEqualTo(new TaskStore.TaskStats(2, 1, 0, 1));
    }

    @Test
    void findWhenTheNameHasNulIsEmpty() {
        assertThat(store.findByName(TENANT, "a\0b")).isEmpty();
    }

    private Task created(String name) {
        TaskPackage content = TaskPackages.of(name, "1.0.0", "() => " + count++);
        Task task = task(name, content, Optional.empty());
        store.create(task, firstVersion(task, content), content);
        return task;
    }

    private TaskVersion addVersion(Task task, int number, String semver) {
        TaskPackage content = TaskPackages.of(task.name(), semver, "() => 'v" + number + "'");
        TaskVersion version = version(task, number, content);
        store.addVersion(TENANT, version, content);
        return version;
    }

    private static TaskVersion version(Task task, int number, TaskPackage content) {
        return new TaskVersion(
                new VersionId(UUID.randomUUID()),
                task.id(),
                content.contentHash(),
                number,
                content.metadata().version(),
                NOW.plusSeconds(number),
                "anna",
                "change " + number);
    }

    private static TaskVersion firstVersion(Task task, TaskPackage content) {
        return new TaskVersion(
                task.active(), task.id(), content.contentHash(), 1, task.version(), NOW, "anna", "first");
    }

    private static Task renamed(Task task, String name) {
        return new Task(
                task.id(),
                task.tenant(),
                name,
                task.label(),
                task.description(),
                task.tags(),
                task.metadata(),
                task.packageUuid(),
                task.enabled(),
                task.paused(),
                task.active(),
                task.version(),
                task.hash(),
                task.source(),
                task.createdAt(),
                task.updatedAt(),
                task.validatedAt(),
                task.revision() + 1);
    }

    private static Task task(String name, TaskPackage content, Optional<UUID> packageUuid) {
        return new Task(
                new TaskId(UUID.randomUUID()),
                TENANT,
                name,
                name,
                "",
                List.of(),
                JsonText.EMPTY_OBJECT,
                packageUuid,
                true,
                false,
                new VersionId(UUID.randomUUID()),
                "1.0.0",
                content.contentHash(),
                Task.Source.API,
                NOW,
                NOW,
                Optional.of(NOW),
                1);
    }
}
