package dev.ratchet.api.rest;

import dev.ratchet.api.ApiSettings;
import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.JsonObject;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.rest.TaskViews.Shown;
import dev.ratchet.api.rest.TaskViews.ShownVersion;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.ListParameters;
import dev.ratchet.api.web.Multipart;
import dev.ratchet.api.web.Parameter;
import dev.ratchet.api.web.Query;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.Submission;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.task.NewTask;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.Publication;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskChange;
import dev.ratchet.core.task.TaskField;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskVersion;
import dev.ratchet.core.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /tasks}. */
final class TaskController implements Controller {
    static final ListParameters<TaskField> LIST = new ListParameters<>(TaskField.class)
            .alias("name_exact", TaskField.NAME, Operator.EQ)
            .alias("tags", TaskField.TAG, Operator.EQ);

    static final String ZIP = "application/zip";
    private static final String MULTIPART = "multipart/form-data";
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final Pattern WAIT_PREFERENCE = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,6})\"?");

    private static final Parameter<Boolean> FORCE =
            Parameter.flag("force", "Whether unfinished jobs are cancelled rather than in the way");
    private static final Parameter<Boolean> ENABLED =
            Parameter.flag("enabled", "Whether a task from an archive takes jobs");
    private static final Parameter<Boolean> ACTIVATE =
            Parameter.flag("activate", "Whether new jobs are to run the content of an archive");
    private static final Parameter<Long> LIMIT =
            Parameter.integer("limit", 1, Tasks.MAX_HISTORY, "Most items, " + Tasks.MAX_HISTORY + " by default");
    private static final Parameter<Long> BEFORE =
            Parameter.integer("before", 1, Integer.MAX_VALUE, "Only versions with a smaller number");
    private static final Parameter<String> FROM = Parameter.text("from", 300, "The one version; needed");
    private static final Parameter<String> TO = Parameter.text("to", 300, "The other version; active by default");
    private static final Parameter<String> VERSION = Parameter.text("version", 300, "Which version; active by default");
    private static final Parameter<Double> WAIT =
            Parameter.number("wait", 0, 60, "Seconds to wait for the result before answering with 202; 30 by default");
    private static final Parameter<String> PREFER =
            Parameter.text("Prefer", 200, "wait=N as the parameter wait, or respond-async for wait=0");

    private static final Member<String> TARGET =
            Member.text("version", 1, 300).described("Identifier, content hash or semantic version to make active");
    private static final Shape EMPTY = Shape.of("Nothing");
    private static final Shape VALIDATE = Shape.of("ValidateTask");

    private final Tasks tasks;
    private final Jobs jobs;
    private final Executions executions;
    private final PackageFormat format;
    private final Destinations destinations;
    private final ApiSettings settings;

    TaskController(
            Tasks tasks,
            Jobs jobs,
            Executions executions,
            PackageFormat format,
            Destinations destinations,
            ApiSettings settings) {
        this.tasks = tasks;
        this.jobs = jobs;
        this.executions = executions;
        this.format = format;
        this.destinations = destinations;
        this.settings = settings;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(resourceRoutes());
        routes.addAll(stateRoutes());
        routes.addAll(versionRoutes());
        routes.add(Route.post("/tasks/{id}/execute", "executeTask")
                .does("Runs a task and waits for its result; it is as durable as any job")
                .query(WAIT)
                .header(PREFER, JobBodies.IDEMPOTENCY_KEY)
                .optionalBody(JobBodies.EXECUTE)
                .answers(
                        Reply.one(200, ExecutionViews.EXECUTION, "It has ended, in whichever way"),
                        Reply.one(202, ExecutionViews.EXECUTION, "It goes on; Location says where to look"),
                        Reply.content(
                                Reply.EVENTS, Schema.type("string"), "State, log, progress and result as they come"))
                .by(this::execute));
        return routes;
    }

    private List<Route> resourceRoutes() {
        return List.of(
                Route.get("/tasks", "listTasks")
                        .does("Lists tasks")
                        .list(LIST)
                        .answers(Reply.page(TaskViews.TASK))
                        .by(this::list),
                Route.post("/tasks", "createTask")
                        .does("Makes a task of its parts, or of a ZIP archive of its folder")
                        .query(ENABLED)
                        .body(TaskBodies.CREATE)
                        .orBody(ZIP, MULTIPART)
                        .answers(Reply.one(201, TaskViews.TASK, "The new task"))
                        .by(this::create),
                Route.get("/tasks/stats", "getTaskStats")
                        .does("Counts tasks")
                        .answers(Reply.stats(TaskViews.STATS))
                        .by(call ->
                                Envelopes.stats(call, TaskViews.STATS, tasks.stats(call.caller()), Optional.empty())),
                Route.post("/tasks/sync", "syncTasks")
                        .does("Looks for changes in the registries that are configured, of which this release has none")
                        .optionalBody(EMPTY)
                        .answers(Reply.one(200, TaskViews.SYNC, "What was done"))
                        .by(_ -> Envelopes.one(200, TaskViews.SYNC, new TaskViews.Sync())),
                Route.post("/tasks/validate", "validateTask")
                        .does("Says what would keep a task from being stored, and stores nothing")
                        .body(TaskBodies.CREATE)
                        .orBody(ZIP, MULTIPART)
                        .answers(Reply.one(200, TaskViews.VALIDATION, "The problems found"))
                        .by(this::validate),
                Route.get("/tasks/{id}", "getTask")
                        .does("Shows a task with the content of its active version")
                        .answers(Reply.one(200, TaskViews.TASK, "The task"))
                        .by(call -> one(200, call, tasks.resolve(call.caller(), call.variable("id")))),
                Route.patch("/tasks/{id}", "updateTask")
                        .does("Changes a task; new code, schemas, limits or permissions make a new version")
                        .header(Route.IF_MATCH)
                        .body(TaskBodies.UPDATE)
                        .answers(Reply.one(200, TaskViews.TASK, "The task as it is now"))
                        .by(this::update),
                Route.delete("/tasks/{id}", "deleteTask")
                        .does("Deletes a task; what it has run stays readable")
                        .query(FORCE)
                        .header(Route.IF_MATCH)
                        .answers(Reply.empty(204, "It is gone"))
                        .by(this::delete),
                Route.get("/tasks/{id}/export", "exportTask")
                        .does("Gives a version as the ZIP archive of its folder")
                        .query(VERSION)
                        .answers(Reply.content(ZIP, Schema.string("binary"), "The archive"))
                        .by(this::export));
    }

    private List<Route> stateRoutes() {
        return List.of(
                state(
                        "enable",
                        "enableTask",
                        "Lets a task take jobs",
                        "takes jobs",
                        (call, revision) -> tasks.setEnabled(call.caller(), call.variable("id"), true, revision)),
                state(
                        "disable",
                        "disableTask",
                        "Lets a task take no further jobs",
                        "takes no jobs",
                        (call, revision) -> tasks.setEnabled(call.caller(), call.variable("id"), false, revision)),
                state(
                        "pause",
                        "pauseTask",
                        "Makes the jobs of a task wait",
                        "is paused",
                        (call, revision) -> tasks.setPaused(call.caller(), call.variable("id"), true, revision)),
                state(
                        "resume",
                        "resumeTask",
                        "Lets the jobs of a task go on",
                        "runs",
                        (call, revision) -> tasks.setPaused(call.caller(), call.variable("id"), false, revision)),
                state(
                        "rollback",
                        "rollbackTask",
                        "Makes the version active that was so before",
                        "is rolled back",
                        (call, revision) -> tasks.rollback(call.caller(), call.variable("id"), revision)),
                Route.post("/tasks/{id}/validate", "validateStoredTask")
                        .does("Checks the active version of a task again")
                        .optionalBody(VALIDATE)
                        .answers(Reply.one(200, TaskViews.VALIDATION, "The problems found"))
                        .by(call -> Envelopes.one(
                                200,
                                TaskViews.VALIDATION,
                                tasks.validate(call.caller(), tasks.content(call.caller(), call.variable("id"))))));
    }

    private interface StateChange {
        Task apply(Call call, OptionalLong revision);
    }

    private Route state(String word, String operation, String summary, String done, StateChange change) {
        return Route.post("/tasks/{id}/" + word, operation)
                .does(summary)
                .header(Route.IF_MATCH)
                .optionalBody(EMPTY)
                .answers(Reply.action(TaskViews.TASK, "The task as it is now"))
                .by(call -> {
                    call.body();
                    Task task = change.apply(call, call.expectedRevision());
                    return Envelopes.action(
                            "task " + task.name() + " " + done, TaskViews.TASK, shown(call, task, false));
                });
    }

    private List<Route> versionRoutes() {
        return List.of(
                Route.get("/tasks/{id}/versions", "listTaskVersions")
                        .does("Shows the versions of a task, latest first")
                        .query(LIMIT, BEFORE)
                        .answers(Reply.all(TaskViews.VERSION))
                        .by(this::versions),
                Route.post("/tasks/{id}/versions", "publishTaskVersion")
                        .does("Gives a task new content; runs under way are not touched")
                        .query(ACTIVATE)
                        .header(Route.IF_MATCH)
                        .body(TaskBodies.PUBLISH)
                        .orBody(ZIP, MULTIPART)
                        .answers(
                                Reply.one(201, TaskViews.PUBLICATION, "The new version"),
                                Reply.one(200, TaskViews.PUBLICATION, "The version that had this content already"))
                        .by(this::publish),
                Route.get("/tasks/{id}/versions/{version}", "getTaskVersion")
                        .does("Shows a version: by identifier, content hash, semantic version, or active")
                        .answers(Reply.one(200, TaskViews.VERSION, "The version"))
                        .by(this::version),
                Route.post("/tasks/{id}/versions/{version}/activate", "activateTaskVersion")
                        .does("Makes new jobs run a version")
                        .header(Route.IF_MATCH)
                        .optionalBody(EMPTY)
                        .answers(Reply.action(TaskViews.TASK, "The task as it is now"))
                        .by(call -> activated(call, call.variable("version"))),
                Route.post("/tasks/{id}/activate", "activateTask")
                        .does("Makes new jobs run a version")
                        .header(Route.IF_MATCH)
                        .body(Shape.of("ActivateVersion", TARGET.mandatory()))
                        .answers(Reply.action(TaskViews.TASK, "The task as it is now"))
                        .by(call -> activated(call, call.body().require(TARGET))),
                Route.get("/tasks/{id}/activations", "listTaskActivations")
                        .does("Shows which versions were active when, latest first")
                        .query(LIMIT)
                        .answers(Reply.all(TaskViews.ACTIVATION))
                        .by(call -> Envelopes.all(
                                TaskViews.ACTIVATION,
                                tasks.activations(call.caller(), call.variable("id"), limit(call)))),
                Route.get("/tasks/{id}/diff", "diffTaskVersions")
                        .does("Shows what one version has changed since another")
                        .query(FROM, TO)
                        .answers(Reply.one(200, TaskViews.DIFF, "The differences"))
                        .by(this::diff));
    }

    private Answer list(Call call) {
        ListQuery<TaskField> query = LIST.read(call.query());
        // Code may be megabytes for each row; it is there for whoever names it.
        boolean withCode = call.parameter(Route.FIELDS).isPresent()
                && (call.shows("sourceCode") || call.shows("files") || call.shows("tests"));
        return Envelopes.page(
                call, TaskViews.TASK, query, tasks.list(call.caller(), query), task -> shown(call, task, withCode));
    }

    private Shown shown(Call call, Task task, boolean withCode) {
        boolean withContent = withCode
                || call.shows("inputSchema")
                || call.shows("outputSchema")
                || call.shows("limits")
                || call.shows("declared")
                || call.shows("retryPolicy");
        return new Shown(
                task,
                withContent ? Optional.of(tasks.content(call.caller(), task.active())) : Optional.empty(),
                call.shows("availableVersions") ? Optional.of(availableVersions(call, task)) : Optional.empty(),
                withCode);
    }

    private List<String> availableVersions(Call call, Task task) {
        return tasks.versions(call.caller(), task.id().toString(), OptionalInt.empty(), Tasks.MAX_HISTORY).stream()
                .map(TaskVersion::version)
                .distinct()
                .toList();
    }

    private Answer.Content one(int status, Call call, Task task) {
        return Envelopes.one(status, TaskViews.TASK, shown(call, task, true), task.revision());
    }

    private Answer create(Call call) throws IOException {
        Optional<TaskPackage> archive = archive(call);
        boolean enabled;
        TaskPackage content;
        if (archive.isPresent()) {
            content = archive.get();
            enabled = call.parameter(ENABLED).orElse(true);
        } else {
            Body body = call.body();
            content = TaskBodies.created(body, format);
            enabled = body.get(TaskBodies.ENABLED)
                    .or(() -> call.parameter(ENABLED))
                    .orElse(true);
        }
        Task.Source source = archive.isPresent() ? Task.Source.IMPORT : Task.Source.API;
        Task task = tasks.create(call.caller(), content, new NewTask(enabled, source));
        return one(201, call, task).with("Location", call.prefix() + "/tasks/" + task.id());
    }

    private Optional<TaskPackage> archive(Call call) throws IOException {
        return switch (call.contentType()) {
            case ZIP, "application/x-zip-compressed", "application/octet-stream" ->
                Optional.of(format.readArchive(call.bytes(settings.maxArchiveBytes())));
            case MULTIPART ->
                Optional.of(format.readArchive(Multipart.file(
                        call.contentTypeParameters(), call.bytes(settings.maxArchiveBytes() + 64 * 1024))));
            default -> Optional.empty();
        };
    }

    private Answer validate(Call call) throws IOException {
        List<Problem> problems;
        try {
            Optional<TaskPackage> archive = archive(call);
            TaskPackage content = archive.isPresent() ? archive.get() : TaskBodies.created(call.body(), format);
            problems = tasks.validate(call.caller(), content);
        } catch (RatchetException e) {
            if (e.code() != ErrorCode.INVALID_PACKAGE || e.problems().isEmpty()) {
                throw e;
            }
            problems = e.problems();
        }
        return Envelopes.one(200, TaskViews.VALIDATION, problems);
    }

    private Answer update(Call call) throws IOException {
        Body body = call.body();
        String id = call.variable("id");
        Task before = tasks.resolve(call.caller(), id);
        boolean merging = call.contentType().equals("application/merge-patch+json");
        Optional<TaskChange.Content> content = Optional.empty();
        if (TaskBodies.changesContent(body)) {
            TaskPackage active = tasks.content(call.caller(), before.active());
            TaskPackage changed = TaskBodies.changed(body, active, merging, format);
            requireNewContent(body, active, changed);
            content = Optional.of(content(body, changed));
        }
        TaskChange change = new TaskChange(
                body.get(TaskBodies.NAME),
                cleared(body, TaskBodies.LABEL, before.name()),
                cleared(body, TaskBodies.DESCRIPTION, ""),
                cleared(body, TaskBodies.TAGS, List.of()),
                metadata(body, before),
                body.get(TaskBodies.ENABLED),
                content);
        OptionalLong expected = call.expectedRevision();
        // Content was built on what was just read: it must not be put over something newer.
        OptionalLong seen = content.isPresent() && expected.isEmpty() ? OptionalLong.of(before.revision()) : expected;
        Task task = call.changing("task " + before.name(), () -> tasks.update(
                        call.caller(), before.id().toString(), change, seen)
                .task());
        return one(200, call, task);
    }

    /** A version names content, so that a new name alone would say nothing. */
    private static void requireNewContent(Body body, TaskPackage active, TaskPackage changed) {
        boolean renamed = body.get(TaskBodies.VERSION)
                .filter(version -> !version.equals(active.metadata().version()))
                .isPresent();
        if (renamed && changed.contentHash().equals(active.contentHash())) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the task cannot be changed so",
                    List.of(new Problem(
                            Member.SOURCE,
                            "/version",
                            "would rename content that is published as "
                                    + active.metadata().version()
                                    + "; give it with the new code, schemas, limits or permissions")));
        }
    }

    private static TaskChange.Content content(Body body, TaskPackage content) {
        return new TaskChange.Content(
                content,
                body.get(TaskBodies.CHANGE_DESCRIPTION).orElse(""),
                body.get(TaskBodies.ACTIVATE).orElse(true));
    }

    private static <T> Optional<T> cleared(Body body, Member<T> member, T empty) {
        return body.isNull(member) ? Optional.of(empty) : body.get(member);
    }

    private static Optional<JsonText> metadata(Body body, Task before) {
        if (body.isNull(TaskBodies.METADATA)) {
            return Optional.of(JsonText.EMPTY_OBJECT);
        }
        return body.get(TaskBodies.METADATA).map(patch -> JsonObject.merged(Optional.of(before.metadata()), patch));
    }

    private Answer delete(Call call) {
        tasks.delete(call.caller(), call.variable("id"), call.parameter(FORCE).orElse(false), call.expectedRevision());
        return Replays.NO_CONTENT;
    }

    private Answer export(Call call) {
        Task task = tasks.resolve(call.caller(), call.variable("id"));
        TaskPackage content = call.parameter(VERSION)
                .map(version -> tasks.content(call.caller(), task.id().toString(), version))
                .orElseGet(() -> tasks.content(call.caller(), task.active()));
        String name = task.name() + "-" + content.metadata().version() + ".zip";
        return new Answer.Content(
                200,
                ZIP,
                format.archive(content),
                Map.of(
                        "Content-Disposition",
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._+-]", "_") + "\""));
    }

    private Answer versions(Call call) {
        Task task = tasks.resolve(call.caller(), call.variable("id"));
        OptionalInt before = call.parameter(BEFORE)
                .map(number -> OptionalInt.of(number.intValue()))
                .orElse(OptionalInt.empty());
        List<ShownVersion> shown = tasks.versions(call.caller(), task.id().toString(), before, limit(call)).stream()
                .map(version -> new ShownVersion(version, version.id().equals(task.active()), Optional.empty()))
                .toList();
        return Envelopes.all(TaskViews.VERSION, shown);
    }

    private static int limit(Call call) {
        return call.parameter(LIMIT).orElse((long) Tasks.MAX_HISTORY).intValue();
    }

    private Answer version(Call call) {
        Task task = tasks.resolve(call.caller(), call.variable("id"));
        TaskVersion version = tasks.version(call.caller(), task.id().toString(), call.variable("version"));
        return Envelopes.one(
                200,
                TaskViews.VERSION,
                new ShownVersion(
                        version,
                        version.id().equals(task.active()),
                        Optional.of(tasks.content(call.caller(), version.id()))));
    }

    private Answer publish(Call call) throws IOException {
        Task before = tasks.resolve(call.caller(), call.variable("id"));
        Optional<TaskPackage> archive = archive(call);
        TaskChange.Content content;
        OptionalLong expected = call.expectedRevision();
        if (archive.isPresent()) {
            content = new TaskChange.Content(
                    archive.get(), "", call.parameter(ACTIVATE).orElse(true));
        } else {
            Body body = call.body();
            TaskPackage active = tasks.content(call.caller(), before.active());
            TaskPackage changed = TaskBodies.changed(body, active, false, format);
            requireNewContent(body, active, changed);
            content = content(body, changed);
            // It was built on what was just read, and must not be put over something newer.
            expected = expected.isEmpty() ? OptionalLong.of(before.revision()) : expected;
        }
        OptionalLong seen = expected;
        Publication published = call.changing(
                "task " + before.name(),
                () -> tasks.update(call.caller(), before.id().toString(), TaskChange.content(content), seen));
        return Envelopes.one(published.created() ? 201 : 200, TaskViews.PUBLICATION, published)
                .with(
                        "Location",
                        call.prefix() + "/tasks/" + before.id() + "/versions/"
                                + published.version().id());
    }

    private Answer activated(Call call, String version) {
        Task task = tasks.activate(call.caller(), call.variable("id"), version, call.expectedRevision());
        return Envelopes.action(
                "task " + task.name() + " runs version " + task.version(), TaskViews.TASK, shown(call, task, false));
    }

    private Answer diff(Call call) {
        String from = call.parameter(FROM)
                .orElseThrow(() -> Query.invalid(FROM.name(), "is missing; name a version, and another as to"));
        return Envelopes.one(
                200,
                TaskViews.DIFF,
                tasks.diff(
                        call.caller(),
                        call.variable("id"),
                        from,
                        call.parameter(TO).orElse("active")));
    }

    private Answer execute(Call call) throws IOException, InterruptedException {
        Body body = call.body();
        boolean streams = call.wantsEvents();
        Duration wait = streams ? Duration.ZERO : wait(call);
        if (streams) {
            call.reserveStream();
        }
        Submission submission = jobs.submit(
                call.caller(), JobBodies.request(call, call.variable("id"), body, RunOrigin.DIRECT, destinations));
        Function<Answer, Answer> located = answer -> Replays.marked(
                answer.with("Location", call.prefix() + "/executions/" + submission.execution()), submission);
        if (streams) {
            return located.apply(new Answer.Stream(
                    new ExecutionStream(
                            executions,
                            call.caller(),
                            submission.execution(),
                            ExecutionStream.Wanted.ALL,
                            settings.beat()),
                    Map.of()));
        }
        Execution outline = executions.await(call.caller(), submission.execution(), wait);
        Execution execution = ExecutionViews.made(executions, call.caller(), outline, call.memory());
        boolean whole = execution.status().isTerminal()
                && execution.output().stream().allMatch(output -> output.text().isPresent());
        return located.apply(Envelopes.one(whole ? 200 : 202, ExecutionViews.EXECUTION, execution));
    }

    private Duration wait(Call call) {
        Duration wait = call.parameter(WAIT)
                .map(seconds -> Duration.ofMillis((long) (seconds * 1000)))
                .or(() -> call.listHeader(PREFER.name(), 200).flatMap(TaskController::preferred))
                .orElse(DEFAULT_WAIT);
        return wait.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : wait;
    }

    /** What a client would rather have (RFC 7240); preferences nobody knows mean nothing. */
    private static Optional<Duration> preferred(String preferences) {
        Matcher matcher = WAIT_PREFERENCE.matcher(preferences);
        if (matcher.find()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1))));
        }
        return preferences.contains("respond-async") ? Optional.of(Duration.ZERO) : Optional.empty();
    }
}
