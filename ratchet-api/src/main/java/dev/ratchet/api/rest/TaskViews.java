package dev.ratchet.api.rest;

import dev.ratchet.api.json.JsonObject;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.View;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.Activation;
import dev.ratchet.core.task.JsonComparison.Difference;
import dev.ratchet.core.task.Publication;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore.TaskStats;
import dev.ratchet.core.task.TaskVersion;
import dev.ratchet.core.task.VersionDiff;
import dev.ratchet.core.task.VersionDiff.FileDiff;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How tasks and their versions are shown. */
final class TaskViews {
    /** How a task stands to the registry it came from. */
    enum SyncStatus {
        SYNCED,
        LOCAL
    }

    /**
     * A task with what is read separately.
     *
     * @param content of its active version; empty where it was not read
     * @param versions semantic versions it has had, latest first; empty where they were not read
     * @param withCode whether code and tests are shown
     */
    record Shown(Task task, Optional<TaskPackage> content, Optional<List<String>> versions, boolean withCode) {
        <T> Optional<T> code(Function<TaskPackage, T> part) {
            return withCode ? content.map(part) : Optional.empty();
        }
    }

    /** What version of a task has what content. */
    record ShownVersion(TaskVersion version, boolean active, Optional<TaskPackage> content) {}

    static final View<TaskLimits> LIMITS = View.<TaskLimits>named("TaskLimits")
            .integer("wallTimeMs", limits -> limits.wallTime().toMillis())
            .integer("cpuTimeMs", limits -> limits.cpuTime().toMillis())
            .integer("memoryBytes", TaskLimits::memoryBytes)
            .integer("outputBytes", TaskLimits::outputBytes)
            .integer("logBytes", TaskLimits::logBytes)
            .integer("fetches", TaskLimits::fetches)
            .integer("fetchBytes", TaskLimits::fetchBytes)
            .build();

    static final View<Shown> TASK = View.<Shown>named("Task")
            .id("id", shown -> shown.task().id())
            .id("uuid", shown -> shown.task().id())
            .optionalId("packageUuid", shown -> shown.task().packageUuid())
            .text("name", shown -> shown.task().name())
            .text("label", shown -> shown.task().label())
            .text("description", shown -> shown.task().description())
            .text("version", shown -> shown.task().version())
            .id("versionId", shown -> shown.task().active())
            .text("contentHash", shown -> shown.task().hash().hex())
            .flag("enabled", shown -> shown.task().enabled())
            .flag("paused", shown -> shown.task().paused())
            .texts("tags", shown -> shown.task().tags())
            .choice("source", Task.Source.class, shown -> shown.task().source())
            .flag("registrySource", shown -> isFromRegistry(shown.task()))
            .add(
                    "availableVersions",
                    Schema.arrayOf(Schema.type("string"))
                            .with("maxItems", View.MAX_ITEMS)
                            .orNull(),
                    (target, shown) -> {
                        if (shown.versions().isEmpty()) {
                            target.writeNull();
                        } else {
                            target.writeStartArray();
                            shown.versions().get().forEach(target::writeString);
                            target.writeEndArray();
                        }
                    })
            .time("createdAt", shown -> shown.task().createdAt())
            .time("updatedAt", shown -> shown.task().updatedAt())
            .optionalTime("validatedAt", shown -> shown.task().validatedAt())
            .flag("inSync", _ -> true)
            .optionalText(
                    "sourceCode",
                    shown -> shown.code(content ->
                            content.code().files().getOrDefault(content.code().entry(), "")))
            .text("sourceType", _ -> "javascript")
            .json("files", shown -> shown.code(content -> texts(content.code().files())))
            .json("repositoryInfo", _ -> Optional.empty())
            .flag("isEditable", shown -> isEditable(shown.task()))
            .choice(
                    "syncStatus",
                    SyncStatus.class,
                    shown -> isFromRegistry(shown.task()) ? SyncStatus.SYNCED : SyncStatus.LOCAL)
            .flag("needsPush", _ -> false)
            .optionalTime("lastSyncedAt", _ -> Optional.empty())
            .json("inputSchema", shown -> shown.content().flatMap(TaskPackage::inputSchema))
            .json("outputSchema", shown -> shown.content().flatMap(TaskPackage::outputSchema))
            .optionalObject("limits", LIMITS, shown -> shown.content().map(TaskPackage::limits))
            .json("declared", shown -> shown.content().map(TaskPackage::declared))
            .optionalObject(
                    "retryPolicy", JobViews.RETRY, shown -> shown.content().flatMap(TaskPackage::retry))
            .json("tests", shown -> shown.code(content -> documents(content.tests())))
            .json("metadata", shown -> Optional.of(shown.task().metadata()))
            .integer("revision", shown -> shown.task().revision())
            .build();

    static final View<ShownVersion> VERSION = View.<ShownVersion>named("TaskVersion")
            .id("id", shown -> shown.version().id())
            .id("taskId", shown -> shown.version().task())
            .integer("number", shown -> shown.version().number())
            .text("version", shown -> shown.version().version())
            .text("contentHash", shown -> shown.version().hash().hex())
            .flag("active", ShownVersion::active)
            .time("createdAt", shown -> shown.version().createdAt())
            .text("createdBy", shown -> shown.version().createdBy())
            .text("changeDescription", shown -> shown.version().changeDescription())
            .optionalText("sourceCode", shown -> shown.content()
                    .map(content ->
                            content.code().files().getOrDefault(content.code().entry(), "")))
            .json("files", shown -> shown.content()
                    .map(content -> texts(content.code().files())))
            .json("inputSchema", shown -> shown.content().flatMap(TaskPackage::inputSchema))
            .json("outputSchema", shown -> shown.content().flatMap(TaskPackage::outputSchema))
            .optionalObject("limits", LIMITS, shown -> shown.content().map(TaskPackage::limits))
            .json("declared", shown -> shown.content().map(TaskPackage::declared))
            .json("tests", shown -> shown.content().map(content -> documents(content.tests())))
            .build();

    static final View<Activation> ACTIVATION = View.<Activation>named("Activation")
            .integer("number", Activation::number)
            .id("versionId", Activation::version)
            .time("at", Activation::at)
            .text("actor", Activation::actor)
            .build();

    static final View<TaskStats> STATS = View.<TaskStats>named("TaskStats")
            .integer("totalTasks", TaskStats::total)
            .integer("enabledTasks", TaskStats::enabled)
            .integer("disabledTasks", stats -> stats.total() - stats.enabled())
            .integer("registryTasks", TaskStats::fromRegistry)
            .integer("databaseTasks", stats -> stats.total() - stats.fromRegistry())
            .integer("validationErrors", TaskStats::notValidated)
            .optionalTime("lastSync", _ -> Optional.empty())
            .build();

    static final View<FileDiff> FILE_DIFF = View.<FileDiff>named("FileDiff")
            .text("path", FileDiff::path)
            .text("change", diff -> switch (diff) {
                case FileDiff.Added _ -> "added";
                case FileDiff.Removed _ -> "removed";
                case FileDiff.Changed _ -> "changed";
            })
            .optionalText("diff", diff -> switch (diff) {
                case FileDiff.Added _ -> Optional.empty();
                case FileDiff.Removed _ -> Optional.empty();
                case FileDiff.Changed changed -> Optional.of(changed.unified());
            })
            .build();

    static final View<Difference> DIFFERENCE = View.<Difference>named("ContractDifference")
            .text("pointer", Difference::pointer)
            .json("from", Difference::from)
            .json("to", Difference::to)
            .build();

    static final View<VersionDiff> DIFF = View.<VersionDiff>named("VersionDiff")
            .object("from", VERSION, diff -> new ShownVersion(diff.from(), false, Optional.empty()))
            .object("to", VERSION, diff -> new ShownVersion(diff.to(), false, Optional.empty()))
            .objects("files", FILE_DIFF, VersionDiff::files)
            .objects("contract", DIFFERENCE, VersionDiff::contract)
            .flag("truncated", VersionDiff::truncated)
            .build();

    static final View<Publication> PUBLICATION = View.<Publication>named("Publication")
            .flag("created", Publication::created)
            .object(
                    "version",
                    VERSION,
                    published -> new ShownVersion(
                            published.version(),
                            published.version().id().equals(published.task().active()),
                            Optional.empty()))
            .object("task", TASK, published -> new Shown(published.task(), Optional.empty(), Optional.empty(), false))
            .build();

    static final View<Problem> PROBLEM = View.<Problem>named("PackageProblem")
            .text("source", Problem::source)
            .text("position", Problem::position)
            .text("message", Problem::message)
            .build();

    static final View<List<Problem>> VALIDATION = View.<List<Problem>>named("Validation")
            .flag("valid", List::isEmpty)
            .objects("problems", PROBLEM, problems -> problems)
            .build();

    /** What looking into registries did; there are none in this release. */
    record Sync() {}

    static final View<Sync> SYNC = View.<Sync>named("SyncResult")
            .optionalText("repositoryId", _ -> Optional.empty())
            .integer("tasksAdded", _ -> 0)
            .integer("tasksUpdated", _ -> 0)
            .integer("tasksDeleted", _ -> 0)
            .texts("conflicts", _ -> List.of())
            .texts("errors", _ -> List.of())
            .build();

    private TaskViews() {}

    private static boolean isFromRegistry(Task task) {
        return task.source() == Task.Source.REGISTRY;
    }

    private static boolean isEditable(Task task) {
        return switch (task.source()) {
            case API, IMPORT, MCP -> true;
            case REGISTRY, SYSTEM -> false;
        };
    }

    private static JsonText texts(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::put);
        return object.text();
    }

    private static JsonText documents(Map<String, JsonText> documents) {
        JsonObject object = new JsonObject();
        documents.forEach(object::put);
        return object.text();
    }
}
