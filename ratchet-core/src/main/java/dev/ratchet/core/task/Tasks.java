package dev.ratchet.core.task;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.task.SchemaCompiler.Compilation;
import dev.ratchet.core.task.VersionDiff.FileDiff;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What can be done with stored tasks. A task is named by its identifier, its package's identifier, or its name. Content
 * is checked, in a worker too, before the transaction that stores it, so that nobody's writing waits for a check.
 *
 * <p>Methods throw {@link RatchetException}: NOT_FOUND when there is no such task or version, VALIDATION_ERROR and
 * INVALID_PACKAGE with every problem when what is given breaks a rule, CONFLICT when a name is taken or the task is in
 * use, PRECONDITION_FAILED when the task no longer has the expected revision.
 */
public final class Tasks {
    /** Most versions or activations of one answer. */
    public static final int MAX_HISTORY = 100;

    private static final long INSPECTION_SECONDS = 60;
    private static final int CONTENDED_ATTEMPTS = 5;
    private static final int MAX_DIFF_CHARACTERS = 256 * 1024;

    private final TaskStore store;
    private final TaskLookup lookup;
    private final TaskQueue queue;
    private final Transactions transactions;
    private final CodeInspector inspector;
    private final SchemaCompiler schemas;
    private final JsonComparison comparison;
    private final UuidV7 ids;
    private final InstantSource clock;

    /**
     * @param store keeps tasks and versions
     * @param queue the jobs of a task that is paused or deleted
     * @param transactions of the database both use
     * @param inspector inspects code
     * @param schemas checks schemas
     * @param comparison compares contracts
     * @param ids makes identifiers
     * @param clock tells the time, to the millisecond
     */
    public Tasks(
            TaskStore store,
            TaskQueue queue,
            Transactions transactions,
            CodeInspector inspector,
            SchemaCompiler schemas,
            JsonComparison comparison,
            UuidV7 ids,
            InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.lookup = new TaskLookup(store);
        this.queue = Objects.requireNonNull(queue, "queue");
        this.transactions = Objects.requireNonNull(transactions, "transactions");
        this.inspector = Objects.requireNonNull(inspector, "inspector");
        this.schemas = Objects.requireNonNull(schemas, "schemas");
        this.comparison = Objects.requireNonNull(comparison, "comparison");
        this.ids = Objects.requireNonNull(ids, "ids");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Stores a task under the name its package gives, with the package as its first and active version. */
    public Task create(Caller caller, TaskPackage content, NewTask details) {
        refuse(ErrorCode.INVALID_PACKAGE, "the package cannot be used", faultsOf(content, true));
        TaskMetadata metadata = content.metadata();
        return transactions.write(() -> {
            requireFree(caller, metadata.name());
            metadata.uuid().ifPresent(uuid -> requireFree(caller, uuid));
            Instant now = now();
            TaskId id = new TaskId(ids.next());
            TaskVersion version = new TaskVersion(
                    new VersionId(ids.next()),
                    id,
                    content.contentHash(),
                    1,
                    metadata.version(),
                    now,
                    caller.actor(),
                    "");
            Task task = new Task(
                    id,
                    caller.tenant(),
                    metadata.name(),
                    metadata.label(),
                    metadata.description(),
                    metadata.tags(),
                    metadata.other(),
                    metadata.uuid(),
                    details.enabled(),
                    false,
                    version.id(),
                    version.version(),
                    version.hash(),
                    details.source(),
                    now,
                    now,
                    Optional.of(now),
                    1);
            store.create(task, version, content);
            store.addActivation(
                    caller.tenant(), id, new Activation(1, version.id(), now, caller.actor(), OptionalInt.empty()));
            return task;
        });
    }

    /**
     * Gives a task new content. Runs under way are not touched. Content the task has had before makes no new version.
     *
     * @param changeDescription what the publisher says about it; may be empty
     * @param activate whether new jobs are to run it
     */
    public Publication publish(
            Caller caller, String idOrName, TaskPackage content, String changeDescription, boolean activate) {
        TaskChange change = TaskChange.content(new TaskChange.Content(content, changeDescription, activate));
        return update(caller, idOrName, change, OptionalLong.empty());
    }

    /**
     * Changes a task and publishes new content, all at once. Label, description, tags and metadata of published content
     * do not become the task's: those are changed by name.
     *
     * @param expectedRevision the revision the caller has seen; empty to change whatever is there
     */
    public Publication update(Caller caller, String idOrName, TaskChange change, OptionalLong expectedRevision) {
        refuse(ErrorCode.VALIDATION_ERROR, "the task cannot be changed so", TaskRules.faultsOf(change));
        change.content()
                .ifPresent(content -> refuse(
                        ErrorCode.INVALID_PACKAGE, "the package cannot be used", faultsOf(content.task(), false)));
        return changing(() -> {
            Task before = expected(caller, idOrName, expectedRevision);
            change.name().filter(name -> !name.equals(before.name())).ifPresent(name -> requireFree(caller, name));
            Draft draft = new Draft(before);
            change.name().ifPresent(name -> draft.name = name);
            change.label().ifPresent(label -> draft.label = label);
            change.description().ifPresent(text -> draft.description = text);
            change.tags().ifPresent(tags -> draft.tags = tags);
            change.metadata().ifPresent(metadata -> draft.metadata = metadata);
            change.enabled().ifPresent(enabled -> draft.enabled = enabled);
            Optional<TaskChange.Content> content = change.content();
            if (content.isEmpty()) {
                Task after = saved(draft);
                return new Publication(after, lookup.version(after, TaskLookup.ACTIVE), false);
            }
            return published(caller, draft, content.get());
        });
    }

    private Publication published(Caller caller, Draft draft, TaskChange.Content content) {
        Task before = draft.before;
        TaskPackage task = content.task();
        Optional<TaskVersion> known = store.versionByHash(caller.tenant(), before.id(), task.contentHash());
        TaskVersion version = known.orElseGet(() -> new TaskVersion(
                new VersionId(ids.next()),
                before.id(),
                task.contentHash(),
                latestNumber(before) + 1,
                task.metadata().version(),
                now(),
                caller.actor(),
                content.changeDescription()));
        boolean activates = content.activate() && !version.id().equals(before.active());
        if (activates) {
            draft.activate(version);
        }
        draft.validatedAt = Optional.of(now());
        draft.touched = true;
        // First, so that of two publications at once the later one waits here, and finds that it has lost.
        Task after = saved(draft);
        if (known.isPresent()) {
            store.replaceUnhashed(caller.tenant(), version.id(), task);
        } else {
            store.addVersion(caller.tenant(), version, task);
        }
        if (activates) {
            recordActivation(caller, before, version, Optional.empty());
        }
        return new Publication(after, version, known.isEmpty());
    }

    /** Lets new jobs take, or refuse, a task. */
    public Task setEnabled(Caller caller, String idOrName, boolean enabled, OptionalLong expectedRevision) {
        return update(caller, idOrName, TaskChange.enabled(enabled), expectedRevision)
                .task();
    }

    /** Makes a task's queued jobs wait, or lets them go on. Jobs are accepted meanwhile. */
    public Task setPaused(Caller caller, String idOrName, boolean paused, OptionalLong expectedRevision) {
        Task task = changing(() -> {
            Task before = expected(caller, idOrName, expectedRevision);
            if (before.paused() == paused) {
                return before;
            }
            Draft draft = new Draft(before);
            draft.paused = paused;
            Task after = saved(draft);
            queue.pause(caller.tenant(), before.id(), paused);
            return after;
        });
        if (!paused) {
            queue.resumed();
        }
        return task;
    }

    /**
     * Deletes a task. Its versions and what it has run stay readable by their identifiers; its name is free.
     *
     * @param force whether unfinished jobs are cancelled; otherwise they are in the way. Those that run are asked to stop
     *     and may end after the task is gone
     */
    public void delete(Caller caller, String idOrName, boolean force, OptionalLong expectedRevision) {
        if (force) {
            Task disabled = changing(() -> {
                Task before = deletable(caller, idOrName, expectedRevision);
                Draft draft = new Draft(before);
                draft.enabled = false;
                return saved(draft);
            });
            queue.cancelUnfinished(caller.tenant(), disabled.id(), "the task was deleted by " + caller.actor(), now());
            changing(() -> removed(expected(caller, disabled.id().toString(), OptionalLong.empty())));
            return;
        }
        changing(() -> {
            Task task = deletable(caller, idOrName, expectedRevision);
            if (queue.hasUnfinished(task.tenant(), task.id())) {
                throw new RatchetException(
                        ErrorCode.CONFLICT,
                        "task " + task.name() + " has jobs that are queued or running; cancel them, or force it");
            }
            return removed(task);
        });
    }

    private Task deletable(Caller caller, String idOrName, OptionalLong expectedRevision) {
        Task task = expected(caller, idOrName, expectedRevision);
        if (task.source() == Task.Source.SYSTEM) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "task " + task.name() + " is part of the program; it can be disabled");
        }
        return task;
    }

    private Task removed(Task task) {
        if (!store.delete(task.tenant(), task.id(), now())) {
            throw new Contended();
        }
        return task;
    }

    /** The task of this identifier, package identifier or name. */
    public Optional<Task> find(Caller caller, String idOrName) {
        return transactions.read(() -> lookup.find(caller, idOrName));
    }

    /** The task of this identifier, package identifier or name, or NOT_FOUND. */
    public Task resolve(Caller caller, String idOrName) {
        return transactions.read(() -> lookup.task(caller, idOrName));
    }

    /** The name of a task, also of a deleted one. */
    public Optional<String> nameOf(Caller caller, TaskId id) {
        return store.nameOf(caller.tenant(), id);
    }

    /** Tasks. */
    public Listing<Task> list(Caller caller, ListQuery<TaskField> query) {
        return store.list(caller.tenant(), query);
    }

    /** Numbers over all tasks. */
    public TaskStore.TaskStats stats(Caller caller) {
        return store.stats(caller.tenant());
    }

    /**
     * A task's versions, latest first.
     *
     * @param before only those with a smaller number
     * @param limit 1 to {@link #MAX_HISTORY}
     */
    public List<TaskVersion> versions(Caller caller, String idOrName, OptionalInt before, int limit) {
        return transactions.read(
                () -> store.versions(caller.tenant(), resolve(caller, idOrName).id(), before, historyLimit(limit)));
    }

    /** Which versions were active when, latest first; at most {@code limit}, 1 to {@link #MAX_HISTORY}. */
    public List<Activation> activations(Caller caller, String idOrName, int limit) {
        return transactions.read(() ->
                store.activations(caller.tenant(), resolve(caller, idOrName).id(), historyLimit(limit)));
    }

    /**
     * A version of a task.
     *
     * @param which its identifier, its content hash, its semantic version, of which the latest counts, or {@code active}
     */
    public TaskVersion version(Caller caller, String idOrName, String which) {
        return transactions.read(() -> lookup.version(resolve(caller, idOrName), which));
    }

    /** What the active version of a task runs. */
    public TaskPackage content(Caller caller, String idOrName) {
        return transactions.read(() -> content(caller, resolve(caller, idOrName).active()));
    }

    /** What a version of a task runs; see {@link #version}. */
    public TaskPackage content(Caller caller, String idOrName, String which) {
        return transactions.read(() ->
                content(caller, lookup.version(resolve(caller, idOrName), which).id()));
    }

    /** What a version runs, also one of a deleted task; usually from memory. */
    public TaskPackage content(Caller caller, VersionId version) {
        return store.content(caller.tenant(), version)
                .orElseThrow(() -> new RatchetException(ErrorCode.NOT_FOUND, "there is no version " + version));
    }

    /** Makes new jobs run another version; see {@link #version}. */
    public Task activate(Caller caller, String idOrName, String which, OptionalLong expectedRevision) {
        return changing(() -> {
            Task before = expected(caller, idOrName, expectedRevision);
            TaskVersion version = lookup.version(before, which);
            return version.id().equals(before.active()) ? before : activated(caller, before, version, Optional.empty());
        });
    }

    /** Makes new jobs run the version that was active before the present one; repeated, it goes back step by step. */
    public Task rollback(Caller caller, String idOrName, OptionalLong expectedRevision) {
        return changing(() -> {
            Task before = expected(caller, idOrName, expectedRevision);
            Activation present = presentActivation(before);
            Activation target = present.fallback().stream()
                    .mapToObj(number -> store.activation(caller.tenant(), before.id(), number))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow(() -> new RatchetException(
                            ErrorCode.CONFLICT,
                            "no version of task " + before.name() + " was active before the present one"));
            TaskVersion version = store.version(caller.tenant(), before.id(), target.version())
                    .orElseThrow(() -> new IllegalStateException("activation of unknown " + target.version()));
            return activated(caller, before, version, Optional.of(target));
        });
    }

    private Task activated(Caller caller, Task before, TaskVersion version, Optional<Activation> returnedTo) {
        Draft draft = new Draft(before);
        draft.activate(version);
        Task after = saved(draft);
        recordActivation(caller, before, version, returnedTo);
        return after;
    }

    private void recordActivation(Caller caller, Task task, TaskVersion version, Optional<Activation> returnedTo) {
        Activation present = presentActivation(task);
        OptionalInt fallback = returnedTo.map(Activation::fallback).orElseGet(() -> OptionalInt.of(present.number()));
        store.addActivation(
                task.tenant(),
                task.id(),
                new Activation(present.number() + 1, version.id(), now(), caller.actor(), fallback));
    }

    private Activation presentActivation(Task task) {
        return store.activations(task.tenant(), task.id(), 1).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("task " + task.id() + " was never activated"));
    }

    /** What version {@code to} has changed since version {@code from}; see {@link #version}. */
    public VersionDiff diff(Caller caller, String idOrName, String from, String to) {
        return transactions.read(() -> {
            Task task = resolve(caller, idOrName);
            TaskVersion fromVersion = lookup.version(task, from);
            TaskVersion toVersion = lookup.version(task, to);
            return diff(fromVersion, content(caller, fromVersion.id()), toVersion, content(caller, toVersion.id()));
        });
    }

    private VersionDiff diff(TaskVersion fromVersion, TaskPackage from, TaskVersion toVersion, TaskPackage to) {
        List<FileDiff> files = new ArrayList<>();
        int left = MAX_DIFF_CHARACTERS;
        boolean truncated = false;
        Map<String, String> before = from.code().files();
        Map<String, String> after = to.code().files();
        for (Map.Entry<String, String> file : before.entrySet()) {
            String path = file.getKey();
            String newText = after.get(path);
            if (newText == null) {
                files.add(new FileDiff.Removed(path, file.getValue().length()));
            } else if (!newText.equals(file.getValue())) {
                String unified = UnifiedDiff.of(path, file.getValue(), newText);
                truncated |= unified.length() > left;
                String shown = unified.substring(0, Math.min(unified.length(), left));
                left -= shown.length();
                files.add(new FileDiff.Changed(path, shown));
            }
        }
        after.forEach((path, text) -> {
            if (!before.containsKey(path)) {
                files.add(new FileDiff.Added(path, text.length()));
            }
        });
        JsonComparison.Result contract = comparison.compare(contractOf(from), contractOf(to));
        return new VersionDiff(fromVersion, toVersion, files, contract.differences(), truncated || contract.more());
    }

    /** The schemas and what else the package declares, as one object. */
    private static JsonText contractOf(TaskPackage task) {
        List<String> members = new ArrayList<>();
        task.inputSchema().ifPresent(schema -> members.add("\"inputSchema\":" + schema));
        task.outputSchema().ifPresent(schema -> members.add("\"outputSchema\":" + schema));
        String declared = task.declared().value().strip();
        String inside = declared.substring(1, declared.length() - 1);
        if (!inside.isBlank()) {
            members.add(inside);
        }
        return new JsonText("{" + String.join(",", members) + "}");
    }

    /** What keeps a package from being stored; empty when nothing does. */
    public List<Problem> validate(Caller caller, TaskPackage content) {
        Objects.requireNonNull(caller, "caller");
        return faultsOf(content, true);
    }

    private List<Problem> faultsOf(TaskPackage content, boolean naming) {
        List<Problem> faults = new ArrayList<>(TaskRules.faultsOf(content.metadata(), naming));
        content.inputSchema().ifPresent(schema -> faults.addAll(faultsOf("inputSchema", schema)));
        content.outputSchema().ifPresent(schema -> faults.addAll(faultsOf("outputSchema", schema)));
        faults.addAll(inspected(content));
        return List.copyOf(faults);
    }

    private List<Problem> faultsOf(String source, JsonText schema) {
        return switch (schemas.compile(source, schema)) {
            case Compilation.Compiled compiled -> List.of();
            case Compilation.Rejected(List<Problem> problems) -> problems;
        };
    }

    private List<Problem> inspected(TaskPackage content) {
        try {
            return inspector.inspect(content.contentHash(), content.code()).get(INSPECTION_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RatchetException known) {
                throw known;
            }
            throw new RatchetException(ErrorCode.INTERNAL_ERROR, "the code could not be inspected", e.getCause());
        } catch (TimeoutException e) {
            throw new RatchetException(
                    ErrorCode.TIMEOUT, "the code was not inspected within " + INSPECTION_SECONDS + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "interrupted while the code was inspected", e);
        }
    }

    private Task expected(Caller caller, String idOrName, OptionalLong revision) {
        Task task = lookup.task(caller, idOrName);
        if (revision.isPresent() && revision.getAsLong() != task.revision()) {
            throw new RatchetException(
                    ErrorCode.PRECONDITION_FAILED,
                    "task " + task.name() + " has revision " + task.revision() + ", not " + revision.getAsLong()
                            + "; look at it again");
        }
        return task;
    }

    private int latestNumber(Task task) {
        return store.versions(task.tenant(), task.id(), OptionalInt.empty(), 1).stream()
                .mapToInt(TaskVersion::number)
                .findFirst()
                .orElse(0);
    }

    private void requireFree(Caller caller, String name) {
        if (store.findByName(caller.tenant(), name).isPresent()) {
            throw new RatchetException(ErrorCode.CONFLICT, "there is a task of the name '" + name + "'");
        }
    }

    private void requireFree(Caller caller, UUID packageUuid) {
        store.findByPackageUuid(caller.tenant(), packageUuid).ifPresent(task -> {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "task " + task.name() + " has the package identifier " + packageUuid + " already");
        });
    }

    private Task saved(Draft draft) {
        Task after = draft.build(now());
        if (!after.equals(draft.before) && !store.update(after)) {
            throw new Contended();
        }
        return after;
    }

    /** Runs a change again from its beginning when somebody else's came between its reading and its writing. */
    private <T> T changing(Supplier<T> change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transactions.write(change);
            } catch (Contended e) {
                if (attempt == CONTENDED_ATTEMPTS) {
                    throw new RatchetException(
                            ErrorCode.CONFLICT, "the task keeps being changed by others; try again", e);
                }
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static int historyLimit(int limit) {
        if (limit < 1 || limit > MAX_HISTORY) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR, "limit must be 1 to " + MAX_HISTORY + ", was " + limit);
        }
        return limit;
    }

    private static void refuse(ErrorCode code, String message, List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new RatchetException(code, message, problems);
        }
    }

    /** Somebody else changed the task between reading and writing; rolls the transaction back. */
    private static final class Contended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Contended() {
            super("changed meanwhile", null, false, false);
        }
    }

    /** A task while it is changed. */
    private static final class Draft {
        private final Task before;
        private String name;
        private String label;
        private String description;
        private List<String> tags;
        private JsonText metadata;
        private boolean enabled;
        private boolean paused;
        private VersionId active;
        private String version;
        private ContentHash hash;
        private Optional<Instant> validatedAt;
        /** Whether something changed that is not seen in the task itself. */
        private boolean touched;

        Draft(Task before) {
            this.before = before;
            this.name = before.name();
            this.label = before.label();
            this.description = before.description();
            this.tags = before.tags();
            this.metadata = before.metadata();
            this.enabled = before.enabled();
            this.paused = before.paused();
            this.active = before.active();
            this.version = before.version();
            this.hash = before.hash();
            this.validatedAt = before.validatedAt();
        }

        void activate(TaskVersion newVersion) {
            active = newVersion.id();
            version = newVersion.version();
            hash = newVersion.hash();
        }

        /** The changed task, or the very same where nothing has changed. */
        Task build(Instant now) {
            Task same = at(before.updatedAt(), before.revision());
            return !touched && same.equals(before) ? before : at(now, before.revision() + 1);
        }

        private Task at(Instant updatedAt, long revision) {
            return new Task(
                    before.id(),
                    before.tenant(),
                    name,
                    label,
                    description,
                    tags,
                    metadata,
                    before.packageUuid(),
                    enabled,
                    paused,
                    active,
                    version,
                    hash,
                    before.source(),
                    before.createdAt(),
                    updatedAt,
                    validatedAt,
                    revision);
        }
    }
}
