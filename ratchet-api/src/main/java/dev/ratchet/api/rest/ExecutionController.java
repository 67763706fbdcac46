package dev.ratchet.api.rest;

import dev.ratchet.api.ApiSettings;
import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.JsonObject;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.ListParameters;
import dev.ratchet.api.web.Parameter;
import dev.ratchet.api.web.Query;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.CanonicalJson;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore.NumberedLine;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.Submission;
import dev.ratchet.core.listing.ListQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /executions}. */
final class ExecutionController implements Controller {
    static final ListParameters<ExecutionField> LIST =
            new ListParameters<>(ExecutionField.class).alias("duration_ms", ExecutionField.DURATION);

    private static final Parameter<Instant> SINCE =
            Parameter.instant("since", "Only executions queued since; 24 hours ago by default");
    private static final Parameter<LogLine.Level> LEVEL =
            Parameter.choice("level", LogLine.Level.class, "Lowest severity");
    private static final Parameter<String> CONTAINS =
            Parameter.text("contains", 200, "Text in the message, without regard to case");
    private static final Parameter<Long> FROM =
            Parameter.integer("from", 0, Long.MAX_VALUE, "Number of the first line, from 0");
    private static final Parameter<Long> LIMIT =
            Parameter.integer("limit", 1, Executions.MAX_LOG_LINES, "Most lines, 100 by default");
    private static final Parameter<Boolean> FOLLOW = Parameter.flag(
            "follow", "Whether to go on with lines as they come; true for who accepts text/event-stream");
    private static final Parameter<String> LAST_EVENT =
            Parameter.text("Last-Event-ID", 20, "Number of the last line a client has seen");

    private static final Member<ExecutionStatus> STATUS = Member.choice("status", ExecutionStatus.class)
            .described("CANCELLED stops it; any other is accepted only where it is so already");
    private static final Member<JsonText> OUTPUT = written("output");
    private static final Member<JsonText> ERROR_MESSAGE = written("errorMessage");
    private static final Member<JsonText> ERROR_DETAILS = written("errorDetails");
    private static final Member<JsonText> PROGRESS = written("progress");
    private static final Shape UPDATE =
            Shape.of("UpdateExecution", STATUS, OUTPUT, ERROR_MESSAGE, ERROR_DETAILS, PROGRESS);
    private static final Member<String> REASON = Member.text("reason", 1, 500).described("Why, for the record");
    private static final Shape CANCEL = Shape.of("CancelExecution", REASON);
    private static final Shape RETRY =
            Shape.of("RetryExecution", Member.json("input").described("To run instead; the same input by default"));
    private static final Member<JsonText> RETRY_INPUT = Member.json("input");
    private static final Member<String> REPLAY_VERSION = Member.text("version", 1, 300)
            .described("Identifier, content hash or semantic version; the recorded version by default");
    private static final List<String> TRACE =
            List.of("seed", "clock", "settlements", "traceComplete", "console", "progress", "fetches");
    private static final Shape REPLAY = Shape.of("ReplayExecution", REPLAY_VERSION);

    private final Executions executions;
    private final Jobs jobs;
    private final Destinations destinations;
    private final ApiSettings settings;

    ExecutionController(Executions executions, Jobs jobs, Destinations destinations, ApiSettings settings) {
        this.executions = executions;
        this.jobs = jobs;
        this.destinations = destinations;
        this.settings = settings;
    }

    /** A member of the contract that only a run may write: clients send it back as they have read it. */
    private static Member<JsonText> written(String name) {
        return Member.json(name).described("Written by the run itself: accepted as it is, so that nothing changes");
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/executions", "listExecutions")
                .does("Lists executions")
                .list(LIST)
                .answers(Reply.page(ExecutionViews.EXECUTION))
                .by(this::list));
        routes.add(Route.post("/executions", "createExecution")
                .does("Queues a job and shows its first execution")
                .header(JobBodies.IDEMPOTENCY_KEY)
                .body(JobBodies.CREATE_JOB)
                .answers(
                        Reply.one(201, ExecutionViews.EXECUTION, "It is queued"),
                        Reply.one(200, ExecutionViews.EXECUTION, "It was queued before, under the same key"))
                .by(this::create));
        routes.add(Route.get("/executions/stats", "getExecutionStats")
                .does("Counts executions by status")
                .query(SINCE)
                .answers(Reply.stats(ExecutionViews.STATS))
                .by(this::stats));
        routes.add(Route.get("/executions/{id}", "getExecution")
                .does("Shows an execution")
                .answers(Reply.one(200, ExecutionViews.EXECUTION, "The execution"))
                .by(call -> shown(200, call, outline(call))));
        routes.add(Route.patch("/executions/{id}", "updateExecution")
                .does("Stops an execution; everything else about it is accepted as it is only")
                .body(UPDATE)
                .answers(Reply.one(200, ExecutionViews.EXECUTION, "The execution as it is now"))
                .by(this::update));
        routes.add(Route.delete("/executions/{id}", "deleteExecution")
                .does("Removes an ended attempt, and with a job's only attempt the job")
                .answers(Reply.empty(204, "It is gone"))
                .by(this::delete));
        routes.add(Route.post("/executions/{id}/cancel", "cancelExecution")
                .does("Stops an execution by cancelling its job")
                .optionalBody(CANCEL)
                .answers(Reply.action(ExecutionViews.EXECUTION, "It is cancelled, or being stopped"))
                .by(this::cancel));
        routes.add(Route.post("/executions/{id}/retry", "retryExecution")
                .does("Runs the input of a failed or cancelled execution again, as a new job")
                .optionalBody(RETRY)
                .answers(Reply.action(ExecutionViews.EXECUTION, "The new execution"))
                .by(this::retry));
        routes.addAll(detailRoutes());
        return routes;
    }

    private List<Route> detailRoutes() {
        return List.of(
                Route.get("/executions/{id}/logs", "getExecutionLogs")
                        .does("Shows what an execution has logged")
                        .query(LEVEL, CONTAINS, FROM, LIMIT, FOLLOW)
                        .header(LAST_EVENT)
                        .answers(
                                Reply.all(ExecutionViews.LINE),
                                Reply.content(Reply.EVENTS, Schema.type("string"), "Lines as they come"))
                        .by(this::logs),
                Route.get("/executions/{id}/events", "followExecution")
                        .does("Shows an execution as it goes: state, log, progress and result")
                        .header(LAST_EVENT)
                        .answers(Reply.content(Reply.EVENTS, Schema.type("string"), "Events as they come"))
                        .by(call -> {
                            Execution execution = outline(call);
                            return stream(
                                    call, execution.id(), ExecutionStream.Wanted.everythingFrom(afterLastSeen(call)));
                        }),
                Route.get("/executions/{id}/trace", "getExecutionTrace")
                        .does("Shows what was recorded of a run's clock, random numbers, timers and requests")
                        .answers(Reply.content(Reply.JSON, Schema.type("object"), "The trace under data"))
                        .by(this::trace),
                Route.get("/executions/{id}/recording", "getExecutionRecording")
                        .does("Gives what `ratchet replay` needs")
                        .answers(Reply.content(Reply.JSON, Schema.type("object"), "The recording"))
                        .by(this::recording),
                Route.post("/executions/{id}/replay", "replayExecution")
                        .does("Runs a recorded execution again, offline, on its own or another version")
                        .optionalBody(REPLAY)
                        .answers(Reply.content(
                                Reply.JSON,
                                Schema.type("object"),
                                "Whether both runs are equal, and where they differ"))
                        .by(this::replay));
    }

    private static ExecutionId id(Call call) {
        return Identifiers.execution(call.variable("id"));
    }

    private Execution outline(Call call) {
        return executions.outline(call.caller(), id(call));
    }

    private Answer.Content shown(int status, Call call, Execution outline) throws InterruptedException {
        return Envelopes.one(status, ExecutionViews.EXECUTION, whole(call, outline));
    }

    private Execution made(Call call, Submission submission) throws InterruptedException {
        Execution outline = executions.outline(call.caller(), submission.execution());
        return ExecutionViews.made(executions, call.caller(), outline, call.memory());
    }

    private Execution whole(Call call, Execution outline) throws InterruptedException {
        return ExecutionViews.whole(executions, call.caller(), outline, call.memory());
    }

    private Answer list(Call call) {
        ListQuery<ExecutionField> query = LIST.read(call.query());
        return Envelopes.page(call, ExecutionViews.EXECUTION, query, executions.list(call.caller(), query));
    }

    private Answer create(Call call) throws IOException, InterruptedException {
        Body body = call.body();
        Submission submission = jobs.submit(
                call.caller(),
                JobBodies.request(call, body.require(JobBodies.TASK), body, RunOrigin.API, destinations));
        Execution execution = made(call, submission);
        Answer answer = Envelopes.one(submission.repeated() ? 200 : 201, ExecutionViews.EXECUTION, execution)
                .with("Location", call.prefix() + "/executions/" + execution.id());
        return Replays.marked(answer, submission);
    }

    private Answer stats(Call call) {
        Optional<Instant> since = call.parameter(SINCE);
        Instant from = since.orElse(call.receivedAt().minus(Duration.ofHours(24)));
        return Envelopes.stats(
                call,
                ExecutionViews.STATS,
                executions.stats(call.caller(), from),
                Optional.of(since.isPresent() ? "since " + from : "24h"));
    }

    private Answer update(Call call) throws IOException, InterruptedException {
        Body body = call.body();
        Execution execution = body.has(OUTPUT) ? whole(call, outline(call)) : outline(call);
        List<Problem> problems = new ArrayList<>();
        Optional<ExecutionStatus> status = body.get(STATUS).filter(wanted -> wanted != execution.status());
        if (status.isPresent() && status.get() != ExecutionStatus.CANCELLED) {
            problems.add(new Problem(
                    Member.SOURCE,
                    "/status",
                    "is reached by running only; accepted: CANCELLED, or " + execution.status() + " as it is"));
        }
        requireSame(body, OUTPUT, execution.output().flatMap(StoredJson::text), problems);
        Optional<ExecutionError> error = execution.error();
        requireSame(
                body,
                ERROR_MESSAGE,
                error.map(known -> new JsonText(Envelopes.line(json -> json.writeString(known.message())))),
                problems);
        requireSame(body, ERROR_DETAILS, error.flatMap(ExecutionError::details), problems);
        requireSame(
                body, PROGRESS, execution.progress().map(fraction -> new JsonText(String.valueOf(fraction))), problems);
        if (!problems.isEmpty()) {
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, "the execution cannot be changed so", problems);
        }
        if (status.isPresent()) {
            return Envelopes.one(200, ExecutionViews.EXECUTION, stopped(call, reason(call)));
        }
        return shown(200, call, execution);
    }

    /** A past run was as it was: whoever sends back what he has read changes nothing, and nobody can say otherwise. */
    private static void requireSame(
            Body body, Member<JsonText> member, Optional<JsonText> written, List<Problem> problems) {
        if (!body.has(member)) {
            return;
        }
        String wanted = body.get(member).map(JsonText::value).orElse("null").strip();
        if (!isSame(wanted, written.map(JsonText::value).orElse("null"))) {
            problems.add(new Problem(
                    Member.SOURCE,
                    "/" + member.name(),
                    "is written by the run itself, and is something else; accepted: the value that GET shows"));
        }
    }

    /** However both are written. What has no canonical form is the same only where it is written alike. */
    private static boolean isSame(String wanted, String written) {
        if (wanted.equals(written)) {
            return true;
        }
        try {
            return Arrays.equals(CanonicalJson.of(new JsonText(wanted)), CanonicalJson.of(new JsonText(written)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String reason(Call call) {
        return "cancelled by " + call.caller().actor();
    }

    private Answer delete(Call call) {
        executions.delete(call.caller(), id(call));
        return Replays.NO_CONTENT;
    }

    private Execution stopped(Call call, String reason) throws InterruptedException {
        Execution outline = executions.cancel(call.caller(), id(call), reason);
        return ExecutionViews.made(executions, call.caller(), outline, call.memory());
    }

    private Answer cancel(Call call) throws IOException, InterruptedException {
        Execution execution = stopped(call, call.body().get(REASON).orElse(reason(call)));
        String message = execution.status() == ExecutionStatus.CANCELLED
                ? "the execution is cancelled"
                : "the execution is being stopped";
        return Envelopes.action(message, ExecutionViews.EXECUTION, execution);
    }

    private Answer retry(Call call) throws IOException, InterruptedException {
        Submission submission =
                executions.retry(call.caller(), id(call), call.body().get(RETRY_INPUT));
        Execution execution = made(call, submission);
        return Envelopes.action("the input runs again, as job " + submission.job(), ExecutionViews.EXECUTION, execution)
                .with("Location", call.prefix() + "/executions/" + execution.id());
    }

    private Answer logs(Call call) {
        LogLine.Level level = call.parameter(LEVEL).orElse(LogLine.Level.TRACE);
        String containing = call.parameter(CONTAINS).orElse("");
        long from = call.parameter(FROM).orElseGet(() -> afterLastSeen(call));
        if (call.parameter(FOLLOW).orElseGet(call::wantsEvents)) {
            Execution execution = outline(call);
            return stream(call, execution.id(), new ExecutionStream.Wanted(false, from, level, containing));
        }
        int limit = call.parameter(LIMIT).orElse(100L).intValue();
        List<NumberedLine> lines = executions.log(call.caller(), id(call), from, level, containing, limit);
        return Envelopes.all(ExecutionViews.LINE, lines);
    }

    private static long afterLastSeen(Call call) {
        return call.header(LAST_EVENT.name(), 20)
                .map(text -> {
                    try {
                        return Math.max(0, Math.addExact(Long.parseLong(text), 1));
                    } catch (ArithmeticException | NumberFormatException e) {
                        throw Query.invalid(LAST_EVENT.name(), "must be the number of a line");
                    }
                })
                .orElse(0L);
    }

    private Answer stream(Call call, ExecutionId id, ExecutionStream.Wanted wanted) {
        return new Answer.Stream(new ExecutionStream(executions, call.caller(), id, wanted, settings.beat()), Map.of());
    }

    /** The part of a recording that tells how the run went, without what it was given and what came out. */
    private Answer trace(Call call) {
        JsonObject recording = JsonObject.of(executions.recording(call.caller(), id(call)));
        return Envelopes.json(200, target -> {
            target.writeStartObject();
            target.writeName("data");
            target.writeStartObject();
            for (String part : TRACE) {
                target.writeName(part);
                target.writeRawValue(recording.get(part).orElse(JsonText.NULL).value());
            }
            target.writeEndObject();
            target.writeEndObject();
        });
    }

    private Answer recording(Call call) {
        JsonText recording = executions.recording(call.caller(), id(call));
        return new Answer.Content(
                200,
                Reply.JSON,
                recording.value().getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Disposition", "attachment; filename=\"" + id(call) + ".recording.json\""));
    }

    private Answer replay(Call call) throws IOException {
        JsonText report = executions.replay(call.caller(), id(call), call.body().get(REPLAY_VERSION));
        return Envelopes.json(200, target -> {
            target.writeStartObject();
            target.writeName("data");
            target.writeRawValue(report.value());
            target.writeEndObject();
        });
    }
}
