package dev.ratchet.storage.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.task.Activation;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.PackageCodec;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskField;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import dev.ratchet.storage.listing.Column;
import dev.ratchet.storage.listing.LabelText;
import dev.ratchet.storage.listing.ListedTable;
import dev.ratchet.storage.listing.Listings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tasks in the database. */
final class SqlTaskStore implements TaskStore {
    private static final ListedTable<TaskField> TABLE =
            ListedTable.of(TaskField.class, "tasks", "deleted_at is null", field -> switch (field) {
                case ID -> Column.of("id");
                case UUID -> Column.nullable("package_uuid");
                case NAME -> Column.of("name");
                case LABEL -> Column.of("label");
                case DESCRIPTION -> Column.of("description");
                case VERSION -> Column.of("version");
                case ENABLED -> Column.of("enabled");
                case PAUSED -> Column.of("paused");
                case TAG -> new Column.Labels("tags");
                case SOURCE -> Column.of("source");
                case REGISTRY_SOURCE -> new Column.Computed("source = 'REGISTRY'");
                case HAS_VALIDATION -> new Column.Computed("validated_at is not null");
                // Without a registry there is nothing to differ from.
                case IN_SYNC -> new Column.Computed("1 = 1");
                case CREATED_AT -> Column.of("created_at");
                case UPDATED_AT -> Column.of("updated_at");
                case VALIDATED_AT -> Column.nullable("validated_at");
            });

    private final TaskRows rows;
    private final TaskRepository tasks;
    private final VersionRepository versions;
    private final ActivationRepository activations;
    private final Listings listings;
    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final PackageCodec codec;
    private final TaskContents contents;

    SqlTaskStore(
            TaskRows rows,
            TaskRepository tasks,
            VersionRepository versions,
            ActivationRepository activations,
            Listings listings,
            JdbcClient jdbc,
            Transactions transactions,
            PackageCodec codec,
            TaskContents contents) {
        this.rows = rows;
        this.tasks = tasks;
        this.versions = versions;
        this.activations = activations;
        this.listings = listings;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.codec = codec;
        this.contents = contents;
    }

    @Override
    public void create(Task task, TaskVersion version, TaskPackage content) {
        String document = codec.write(content).value();
        transactions.write(() -> {
            tasks.saveAndFlush(new TaskEntity(task));
            return versions.saveAndFlush(new VersionEntity(task.tenant(), version, document));
        });
    }

    @Override
    public boolean update(Task task) {
        return transactions.write(() -> tasks.replace(
                        task.id().toString(),
                        task.tenant().value(),
                        task.revision() - 1,
                        task.name(),
                        task.label(),
                        task.description(),
                        LabelText.write(task.tags()),
                        task.metadata().value(),
                        task.enabled(),
                        task.paused(),
                        task.active().toString(),
                        task.version(),
                        task.hash().hex(),
                        task.updatedAt().toEpochMilli(),
                        task.validatedAt().map(Instant::toEpochMilli).orElse(null),
                        task.revision())
                == 1);
    }

    @Override
    public void addVersion(TenantId tenant, TaskVersion version, TaskPackage content) {
        String document = codec.write(content).value();
        transactions.write(() -> versions.saveAndFlush(new VersionEntity(tenant, version, document)));
    }

    @Override
    public void replaceUnhashed(TenantId tenant, VersionId version, TaskPackage content) {
        String document = codec.write(content).value();
        transactions.write(() -> {
            int replaced = versions.replaceContent(
                    version.toString(), tenant.value(), content.contentHash().hex(), document);
            if (replaced != 1) {
                throw new IllegalArgumentException(
                        "there is no version " + version + " with the hash " + content.contentHash());
            }
            // Again after the commit: until then somebody may read, and keep, the old one.
            contents.forget(version);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    contents.forget(version);
                }
            });
            return replaced;
        });
    }

    @Override
    public void addActivation(TenantId tenant, TaskId task, Activation activation) {
        transactions.write(() -> activations.saveAndFlush(new ActivationEntity(tenant, task, activation)));
    }

    @Override
    public List<Activation> activations(TenantId tenant, TaskId task, int limit) {
        return transactions.read(() ->
                activations
                        .findByTenantIdAndIdTaskIdOrderByIdNumberDesc(tenant.value(), task.toString(), Limit.of(limit))
                        .stream()
                        .map(ActivationEntity::toDomain)
                        .toList());
    }

    @Override
    public Optional<Activation> activation(TenantId tenant, TaskId task, int number) {
        return transactions.read(() -> activations
                .findByTenantIdAndId(tenant.value(), new ActivationEntity.Key(task.toString(), number))
                .map(ActivationEntity::toDomain));
    }

    @Override
    public boolean delete(TenantId tenant, TaskId id, Instant now) {
        return transactions.write(() -> {
            boolean deleted = tasks.delete(id.toString(), tenant.value(), now.toEpochMilli()) == 1;
            if (deleted) {
                jdbc.sql("""
                                update schedules
                                   set enabled = false, next_run_at = null, fire_at = null, updated_at = ?,
                                       pause_reason = 'its task was deleted', revision = revision + 1
                                 where tenant_id = ? and task_id = ? and enabled""")
                        .param(now.toEpochMilli())
                        .param(tenant.value())
                        .param(id.toString())
                        .update();
            }
            return deleted;
        });
    }

    @Override
    public Optional<Task> find(TenantId tenant, TaskId id) {
        return rows.first(
                "select * from tasks where id = ? and tenant_id || '' = ? and deleted_at is null",
                id.toString(),
                tenant.value());
    }

    @Override
    public Optional<Task> findByName(TenantId tenant, String name) {
        if (name.indexOf('\0') >= 0) {
            // No name has it, and PostgreSQL would not even compare it.
            return Optional.empty();
        }
        return rows.first(
                "select * from tasks where tenant_id = ? and name = ? and deleted_at is null", tenant.value(), name);
    }

    @Override
    public Optional<Task> findByPackageUuid(TenantId tenant, UUID packageUuid) {
        return transactions.read(
                () -> tasks.findByTenantIdAndPackageUuidAndDeletedAtIsNull(tenant.value(), packageUuid.toString())
                        .map(TaskEntity::toDomain));
    }

    @Override
    public Optional<String> nameOf(TenantId tenant, TaskId id) {
        return transactions.read(() -> tasks.nameOf(id.toString(), tenant.value()));
    }

    @Override
    public Listing<Task> list(TenantId tenant, ListQuery<TaskField> query) {
        return transactions.read(() -> {
            Listing<String> ids =
                    listings.list(TABLE, tenant, query, "id as task_id", (row, _) -> row.getString("task_id"));
            Map<String, Task> found = tasks.findByTenantIdAndIdIn(tenant.value(), ids.items()).stream()
                    .map(TaskEntity::toDomain)
                    .collect(Collectors.toMap(task -> task.id().toString(), Function.identity()));
            return ids.map(id -> Objects.requireNonNull(found.get(id)));
        });
    }

    @Override
    public List<TaskVersion> versions(TenantId tenant, TaskId task, OptionalInt before, int limit) {
        return transactions.read(() -> versions
                .findByTenantIdAndTaskIdAndNumberLessThanOrderByNumberDesc(
                        tenant.value(), task.toString(), before.orElse(Integer.MAX_VALUE), Limit.of(limit))
                .stream()
                .map(VersionEntity.Head::toDomain)
                .toList());
    }

    @Override
    public Optional<TaskVersion> version(TenantId tenant, TaskId task, VersionId id) {
        return transactions.read(
                () -> versions.findByTenantIdAndTaskIdAndId(tenant.value(), task.toString(), id.toString())
                        .map(VersionEntity.Head::toDomain));
    }

    @Override
    public Optional<TaskVersion> versionByHash(TenantId tenant, TaskId task, ContentHash hash) {
        return transactions.read(
                () -> versions.findByTenantIdAndTaskIdAndHash(tenant.value(), task.toString(), hash.hex())
                        .map(VersionEntity.Head::toDomain));
    }

    @Override
    public Optional<TaskVersion> versionBySemver(TenantId tenant, TaskId task, String version) {
        if (version.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return transactions.read(() -> versions
                .findByTenantIdAndTaskIdAndVersionOrderByNumberDesc(
                        tenant.value(), task.toString(), version, Limit.of(1))
                .stream()
                .findFirst()
                .map(VersionEntity.Head::toDomain));
    }

    @Override
    public Optional<TaskPackage> content(TenantId tenant, VersionId version) {
        return contents.find(tenant, version).or(() -> {
            Optional<String> document = transactions.read(() -> versions.contentOf(version.toString(), tenant.value()));
            return document.map(text -> {
                TaskPackage content = codec.read(new JsonText(text));
                contents.keep(tenant, version, content, text.length());
                return content;
            });
        });
    }

    @Override
    public TaskStats stats(TenantId tenant) {
        return transactions.read(() -> jdbc.sql("""
                        select count(*) as total,
                               coalesce(sum(case when enabled then 1 else 0 end), 0) as enabled,
                               coalesce(sum(case when source = 'REGISTRY' then 1 else 0 end), 0) as registry,
                               coalesce(sum(case when validated_at is null then 1 else 0 end), 0) as unchecked
                          from tasks
                         where tenant_id = ? and deleted_at is null""")
                .param(tenant.value())
                .query((row, _) -> new TaskStats(
                        row.getLong("total"),
                        row.getLong("enabled"),
                        row.getLong("registry"),
                        row.getLong("unchecked")))
                .single());
    }
}
