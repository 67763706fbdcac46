package dev.ratchet.core.task;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** Tasks in memory; its lists are complete and know no conditions. Not thread-safe. */
public final class InMemoryTaskStore implements TaskStore {
    private final Map<TaskId, Task> tasks = new HashMap<>();
    private final Set<TaskId> deleted = new HashSet<>();
    private final Map<VersionId, TaskVersion> versions = new HashMap<>();
    private final Map<VersionId, TaskPackage> contents = new HashMap<>();
    private final Map<TaskId, List<Activation>> activations = new HashMap<>();
    private Runnable beforeUpdate = () -> {};

    /** Does something before the next update, as another caller would. */
    public void beforeNextUpdate(Runnable action) {
        beforeUpdate = action;
    }

    @Override
    public void create(Task task, TaskVersion version, TaskPackage content) {
        tasks.put(task.id(), task);
        addVersion(task.tenant(), version, content);
    }

    @Override
    public boolean update(Task task) {
        Runnable action = beforeUpdate;
        beforeUpdate = () -> {};
        action.run();
        Optional<Task> stored = find(task.tenant(), task.id());
        if (stored.isEmpty() || stored.get().revision() != task.revision() - 1) {
            return false;
        }
        tasks.put(task.id(), task);
        return true;
    }

    @Override
    public void addVersion(TenantId tenant, TaskVersion version, TaskPackage content) {
        versions.put(version.id(), version);
        contents.put(version.id(), content);
    }

    @Override
    public void replaceUnhashed(TenantId tenant, VersionId version, TaskPackage content) {
        contents.put(version, content);
    }

    @Override
    public void addActivation(TenantId tenant, TaskId task, Activation activation) {
        activations.computeIfAbsent(task, _ -> new ArrayList<>()).add(activation);
    }

    @Override
    public List<Activation> activations(TenantId tenant, TaskId task, int limit) {
        return activations.getOrDefault(task, List.of()).reversed().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Activation> activation(TenantId tenant, TaskId task, int number) {
        return activations.getOrDefault(task, List.of()).stream()
                .filter(activation -> activation.number() == number)
                .findFirst();
    }

    @Override
    public boolean delete(TenantId tenant, TaskId id, Instant now) {
        return find(tenant, id).isPresent() && deleted.add(id);
    }

    @Override
    public Optional<Task> find(TenantId tenant, TaskId id) {
        return first(tenant, task -> task.id().equals(id));
    }

    @Override
    public Optional<Task> findByName(TenantId tenant, String name) {
        return first(tenant, task -> task.name().equals(name));
    }

    @Override
    public Optional<Task> findByPackageUuid(TenantId tenant, UUID packageUuid) {
        return first(tenant, task -> task.packageUuid().equals(Optional.of(packageUuid)));
    }

    private Optional<Task> first(TenantId tenant, Predicate<Task> condition) {
        return tasks.values().stream()
                .filter(task -> task.tenant().equals(tenant) && !deleted.contains(task.id()))
                .filter(condition)
                .findFirst();
    }

    @Override
    public Optional<String> nameOf(TenantId tenant, TaskId id) {
        return Optional.ofNullable(tasks.get(id)).map(Task::name);
    }

    @Override
    public Listing<Task> list(TenantId tenant, ListQuery<TaskField> query) {
        List<Task> all = tasks.values().stream()
                .filter(task -> task.tenant().equals(tenant) && !deleted.contains(task.id()))
                .toList();
        return new Listing<>(all, Optional.empty(), Optional.empty());
    }

    @Override
    public List<TaskVersion> versions(TenantId tenant, TaskId task, OptionalInt before, int limit) {
        return versionsOf(task).stream()
                .filter(version -> before.isEmpty() || version.number() < before.getAsInt())
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<TaskVersion> version(TenantId tenant, TaskId task, VersionId id) {
        return versionsOf(task).stream()
                .filter(version -> version.id().equals(id))
                .findFirst();
    }

    @Override
    public Optional<TaskVersion> versionByHash(TenantId tenant, TaskId task, ContentHash hash) {
        return versionsOf(task).stream()
                .filter(version -> version.hash().equals(hash))
                .findFirst();
    }

    @Override
    public Optional<TaskVersion> versionBySemver(TenantId tenant, TaskId task, String semver) {
        return versionsOf(task).stream()
                .filter(version -> version.version().equals(semver))
                .findFirst();
    }

    private List<TaskVersion> versionsOf(TaskId task) {
        return versions.values().stream()
                .filter(version -> version.task().equals(task))
                .sorted(Comparator.comparingInt(TaskVersion::number).reversed())
                .toList();
    }

    @Override
    public Optional<TaskPackage> content(TenantId tenant, VersionId version) {
        return Optional.ofNullable(contents.get(version));
    }

    @Override
    public TaskStats stats(TenantId tenant) {
        return new TaskStats(tasks.size() - (long) deleted.size(), 0, 0, 0);
    }
}
