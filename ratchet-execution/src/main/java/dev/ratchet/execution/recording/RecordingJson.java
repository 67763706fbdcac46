package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.Determinism.ClockRun;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.execution.recording.Recording.Cut;
import dev.ratchet.execution.recording.Recording.Exchange;
import dev.ratchet.execution.recording.Recording.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The form of {@code recording.json}, in both directions; see {@code docs/recording.md}. */
final class RecordingJson {
    private static final String DURATION = "an ISO 8601 duration such as PT0.25S";

    private RecordingJson() {}

    static ObjectNode toTree(Recording recording) {
        ObjectNode tree = Json.object();
        tree.put("format", Recording.FORMAT);
        ExecutionContext context = recording.context();
        tree.putObject("task")
                .put("id", context.taskId().toString())
                .put("name", context.taskName())
                .put("version", context.taskVersion())
                .put("contentHash", recording.contentHash().hex());
        ObjectNode execution = tree.putObject("execution")
                .put("id", context.executionId().toString())
                .put("attempt", context.attempt())
                .put("startedAt", recording.createdAt().toString())
                .put("wallTime", recording.wallTime().toString());
        if (context.jobId() != null) {
            execution.put("jobId", context.jobId().toString());
        }
        tree.set("input", Json.parse("input", recording.input()));
        tree.set("outcome", outcome(recording.outcome()));
        tree.set("limits", limits(recording.limits()));
        tree.put("seed", recording.seed());
        ObjectNode clock = tree.putObject("clock").put("startTicks", recording.clockStartTicks());
        ArrayNode readings = clock.putArray("readings");
        recording.trace().clock().forEach(run -> readings.addArray()
                .add(run.ticks())
                .add(run.count()));
        ArrayNode settlements = tree.putArray("settlements");
        recording.trace().settlements().forEach(s -> settlements
                .addArray()
                .add(Fields.wireName(s.kind()))
                .add(s.id()));
        tree.put("traceComplete", recording.trace().complete());
        ArrayNode secrets = tree.putArray("secrets");
        recording.secretNames().forEach(secrets::add);
        ArrayNode console = tree.putArray("console");
        recording.console().forEach(line -> console.addObject()
                .put("level", Fields.wireName(line.level()))
                .put("time", line.epochMillis())
                .put("message", line.message()));
        tree.put("droppedLogBytes", recording.droppedLogBytes());
        ArrayNode progress = tree.putArray("progress");
        recording.progress().forEach(p -> progress.addArray().add(p.fraction()).add(p.message()));
        tree.put("progressCut", recording.progressCut());
        ArrayNode fetches = tree.putArray("fetches");
        recording.exchanges().forEach(exchange -> fetches.add(exchange(exchange)));
        return tree;
    }

    static Recording fromTree(String source, JsonNode tree) {
        Fields root = new Fields(source, "", tree);
        if (!tree.isObject()) {
            throw root.fault("must be an object");
        }
        long format = root.integer("format", 1);
        if (format != Recording.FORMAT) {
            throw root.fault(
                    "format", "is " + format + "; this version of Ratchet reads format " + Recording.FORMAT + " only");
        }
        Fields task = root.object("task");
        Fields execution = root.object("execution");
        Fields clock = root.object("clock");
        ExecutionContext context = new ExecutionContext(
                execution.parsed("id", "a UUID", UUID::fromString),
                task.parsed("id", "a UUID", UUID::fromString),
                task.text("name"),
                task.text("version"),
                execution.has("jobId") ? execution.parsed("jobId", "a UUID", UUID::fromString) : null,
                execution.smallInteger("attempt", 1));
        Set<String> secrets = new TreeSet<>(root.elements("secrets", Fields::asText));
        return new Recording(
                execution.parsed("startedAt", "an instant such as 2026-01-01T00:00:00Z", Instant::parse),
                context,
                task.parsed("contentHash", "a content hash of 64 hexadecimal digits", ContentHash::new),
                jsonText(root.json("input")),
                readOutcome(root.object("outcome")),
                execution.parsed("wallTime", DURATION, Duration::parse),
                readLimits(root.object("limits")),
                root.text("seed"),
                clock.integer("startTicks", Long.MIN_VALUE),
                new ExecutionTrace(
                        clock.elements("readings", RecordingJson::readClockRun),
                        root.elements("settlements", RecordingJson::readSettlement),
                        root.flag("traceComplete")),
                secrets,
                root.objects(
                        "console",
                        line -> new LogLine(
                                line.oneOf("level", LogLine.Level.class),
                                line.integer("time", Long.MIN_VALUE),
                                line.text("message"))),
                root.integer("droppedLogBytes", 0),
                root.elements(
                        "progress",
                        p -> p.asPair(
                                "[fraction, message]",
                                (fraction, message) -> fraction.isNumber() && message.isString()
                                        ? new Progress(fraction.numberValue().doubleValue(), message.stringValue())
                                        : null)),
                root.flag("progressCut"),
                root.objects("fetches", RecordingJson::readExchange));
    }

    static ObjectNode outcome(ExecutionOutcome outcome) {
        ObjectNode tree = Json.object();
        switch (outcome) {
            case Succeeded(JsonText output) -> {
                tree.put("status", "succeeded");
                tree.set("output", Json.parse("output", output));
            }
            case TaskFailed(String type, String message, String stack, JsonText details) -> {
                tree.put("status", "task_failed")
                        .put("type", type)
                        .put("message", message)
                        .put("stack", stack);
                if (details != null) {
                    tree.set("details", Json.parse("details", details));
                }
            }
            case InvalidOutput(List<Problem> problems) -> problems(tree.put("status", "invalid_output"), problems);
            case InvalidInput(List<Problem> problems) -> problems(tree.put("status", "invalid_input"), problems);
            case InvalidPackage(List<Problem> problems) -> problems(tree.put("status", "invalid_package"), problems);
            case LimitExceeded(LimitKind limit, long used, long allowed) ->
                tree.put("status", "limit_exceeded")
                        .put("limit", Fields.wireName(limit))
                        .put("used", used)
                        .put("allowed", allowed);
            case WorkerCrashed(String detail) ->
                tree.put("status", "worker_crashed").put("detail", detail);
            case Cancelled(String reason) -> tree.put("status", "cancelled").put("reason", reason);
        }
        return tree;
    }

    private static void problems(ObjectNode tree, List<Problem> problems) {
        ArrayNode list = tree.putArray("problems");
        problems.forEach(problem -> list.addObject()
                .put("source", problem.source())
                .put("position", problem.position())
                .put("message", problem.message()));
    }

    private static ExecutionOutcome readOutcome(Fields tree) {
        String status = tree.text("status");
        return switch (status) {
            case "succeeded" -> new Succeeded(jsonText(tree.json("output")));
            case "task_failed" ->
                new TaskFailed(
                        tree.text("type"),
                        tree.text("message"),
                        tree.text("stack"),
                        tree.has("details") ? jsonText(tree.json("details")) : null);
            case "invalid_output" -> new InvalidOutput(readProblems(tree));
            case "invalid_input" -> new InvalidInput(readProblems(tree));
            case "invalid_package" -> new InvalidPackage(readProblems(tree));
            case "limit_exceeded" ->
                new LimitExceeded(
                        tree.oneOf("limit", LimitKind.class), tree.integer("used", 0), tree.integer("allowed", 0));
            case "worker_crashed" -> new WorkerCrashed(tree.text("detail"));
            case "cancelled" -> new Cancelled(tree.text("reason"));
            default ->
                throw tree.fault(
                        "status",
                        "'" + status + "' is unknown; accepted: succeeded, task_failed, invalid_output, "
                                + "invalid_input, invalid_package, limit_exceeded, worker_crashed, cancelled");
        };
    }

    private static List<Problem> readProblems(Fields tree) {
        return tree.objects("problems", p -> new Problem(p.text("source"), p.text("position"), p.text("message")));
    }

    private static ObjectNode limits(TaskLimits limits) {
        return Json.object()
                .put("wallTime", limits.wallTime().toString())
                .put("cpuTime", limits.cpuTime().toString())
                .put("memoryBytes", limits.memoryBytes())
                .put("outputBytes", limits.outputBytes())
                .put("logBytes", limits.logBytes())
                .put("fetches", limits.fetches())
                .put("fetchBytes", limits.fetchBytes());
    }

    private static TaskLimits readLimits(Fields tree) {
        return new TaskLimits(
                tree.parsed("wallTime", "a positive duration such as PT60S", RecordingJson::positiveDuration),
                tree.parsed("cpuTime", "a positive duration such as PT60S", RecordingJson::positiveDuration),
                tree.integer("memoryBytes", 1),
                tree.integer("outputBytes", 1),
                tree.integer("logBytes", 1),
                tree.smallInteger("fetches", 1),
                tree.integer("fetchBytes", 1));
    }

    private static Duration positiveDuration(String text) {
        Duration duration = Duration.parse(text);
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(text);
        }
        return duration;
    }

    private static ClockRun readClockRun(Fields element) {
        return element.asPair(
                "[ticks, count]",
                (ticks, count) -> ticks.canConvertToLong()
                                && ticks.isIntegralNumber()
                                && count.isIntegralNumber()
                                && count.canConvertToInt()
                                && count.intValue() > 0
                        ? new ClockRun(ticks.longValue(), count.intValue())
                        : null);
    }

    private static Settlement readSettlement(Fields element) {
        return element.asPair("[\"fetch\", \"timer\" or \"abort\", number]", (kind, id) -> {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                return null;
            }
            for (Settlement.Kind known : Settlement.Kind.values()) {
                if (kind.isString() && Fields.wireName(known).equals(kind.stringValue())) {
                    return new Settlement(known, id.intValue());
                }
            }
            return null;
        });
    }

    private static ObjectNode exchange(Exchange exchange) {
        HttpCall call = exchange.call();
        ObjectNode tree = Json.object()
                .put("id", exchange.id())
                .put("method", call.method())
                .put("url", call.url())
                .put("redirect", call.redirect().wireName());
        headers(tree, call.headers());
        if (call.body() != null) {
            tree.set("body", body(call.body(), exchange.callCut()));
        }
        tree.put("startedAfter", exchange.startedAfter().toString())
                .put("delay", exchange.delay().toString());
        switch (exchange.answer()) {
            case null -> {}
            case HttpAnswer.Response response -> {
                ObjectNode answer = tree.putObject("response")
                        .put("status", response.status())
                        .put("statusText", response.statusText())
                        .put("url", response.url())
                        .put("redirected", response.redirected());
                headers(answer, response.headers());
                answer.set("body", body(response.body(), exchange.answerCut()));
                answer.set("timing", timing(response.timing()));
            }
            case HttpAnswer.Failure failure -> {
                ObjectNode answer = tree.putObject("failure")
                        .put("reason", Fields.wireName(failure.reason()))
                        .put("message", failure.message());
                if (failure.limit() != null) {
                    answer.put("limit", failure.limit());
                }
                answer.set("timing", timing(failure.timing()));
            }
        }
        return tree;
    }

    private static Exchange readExchange(Fields tree) {
        HttpCall call = new HttpCall(
                tree.text("method"),
                tree.text("url"),
                readHeaders(tree),
                tree.has("body") ? readBody(tree.object("body")) : null,
                tree.oneOf("redirect", HttpCall.RedirectMode.class));
        HttpAnswer answer = null;
        Cut answerCut = null;
        if (tree.has("response")) {
            Fields response = tree.object("response");
            Fields body = response.object("body");
            answerCut = readCut(body);
            answer = new HttpAnswer.Response(
                    response.smallInteger("status", 100),
                    response.text("statusText"),
                    response.text("url"),
                    response.flag("redirected"),
                    readHeaders(response),
                    readBody(body),
                    readTiming(response.object("timing")));
        } else if (tree.has("failure")) {
            Fields failure = tree.object("failure");
            answer = new HttpAnswer.Failure(
                    failure.oneOf("reason", HttpAnswer.Reason.class),
                    failure.text("message"),
                    failure.has("limit") ? failure.integer("limit", 0) : null,
                    readTiming(failure.object("timing")));
        }
        return new Exchange(
                tree.smallInteger("id", 1),
                call,
                tree.has("body") ? readCut(tree.object("body")) : null,
                answer,
                answerCut,
                tree.parsed("startedAfter", DURATION, Duration::parse),
                tree.parsed("delay", DURATION, Duration::parse));
    }

    private static void headers(ObjectNode tree, List<HttpHeader> headers) {
        ArrayNode list = tree.putArray("headers");
        headers.forEach(h -> list.addArray().add(h.name()).add(h.value()));
    }

    private static List<HttpHeader> readHeaders(Fields tree) {
        return tree.elements(
                "headers",
                header -> header.asPair(
                        "[name, value]",
                        (name, value) -> name.isString() && value.isString()
                                ? new HttpHeader(name.stringValue(), value.stringValue())
                                : null));
    }

    private static ObjectNode body(byte[] bytes, @Nullable Cut cut) {
        ObjectNode tree = Json.object();
        String text = Bodies.utf8(bytes);
        if (text == null) {
            tree.put("base64", Base64.getEncoder().encodeToString(bytes));
        } else {
            tree.put("text", text);
        }
        if (cut != null) {
            tree.putObject("cutFrom").put("size", cut.size()).put("sha256", cut.sha256());
        }
        return tree;
    }

    private static byte[] readBody(Fields tree) {
        return tree.has("base64")
                ? tree.parsed("base64", "Base64", text -> Base64.getDecoder().decode(text))
                : tree.text("text").getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Cut readCut(Fields body) {
        if (!body.has("cutFrom")) {
            return null;
        }
        Fields cut = body.object("cutFrom");
        return new Cut(cut.integer("size", 0), cut.text("sha256"));
    }

    private static ObjectNode timing(HttpTiming timing) {
        return Json.object()
                .put("startedEpochMillis", timing.startedEpochMillis())
                .put("dns", timing.dns())
                .put("connect", timing.connect())
                .put("tls", timing.tls())
                .put("send", timing.send())
                .put("await", timing.await())
                .put("receive", timing.receive());
    }

    private static HttpTiming readTiming(Fields tree) {
        return new HttpTiming(
                tree.integer("startedEpochMillis", Long.MIN_VALUE),
                tree.number("dns"),
                tree.number("connect"),
                tree.number("tls"),
                tree.number("send"),
                tree.number("await"),
                tree.number("receive"));
    }

    static JsonText jsonText(JsonNode node) {
        return new JsonText(Json.write(node));
    }
}
