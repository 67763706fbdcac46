package dev.ratchet.execution.testing;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.recording.Outcomes;
import dev.ratchet.execution.recording.Recording;
import dev.ratchet.execution.recording.Recording.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a recording into a test: same input, seed and start of the clock, the recorded answers as mocks, the recorded
 * outcome as expectation.
 *
 * <p>A test runs on a virtual clock, on which time passes by delays only; a task whose output depends on how long it
 * computed is better replayed.
 */
public final class TestFromRecording {
    /** Later than anything else a task waits for. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static final long NANOS_PER_TICK = 1_000_000 / GuestClock.TICKS_PER_MILLI;
    private static final Duration TICK = Duration.ofNanos(NANOS_PER_TICK);

    private TestFromRecording() {}

    /**
     * The content of a test file, over several lines, without a line feed at the end.
     *
     * @param name of the test
     * @throws RatchetException with {@link ErrorCode#CONFLICT} when the recording does not hold what a test needs: an
     *     outcome that is the task's doing and complete bodies
     */
    public static JsonText convert(Recording recording, String name) {
        ObjectNode test = Json.object().put("name", name);
        test.put("description", "Recorded at " + recording.createdAt());
        test.set("input", Json.parse("input", recording.input()));
        expectation(test, recording);
        test.put("clock", instant(recording.clockStartTicks()).toString()).put("seed", recording.seed());
        if (!recording.secretNames().isEmpty()) {
            ObjectNode secrets = test.putObject("secrets");
            recording.secretNames().forEach(secret -> secrets.put(secret, SecretMask.placeholder(secret)));
        }
        ArrayNode mocks = Json.array();
        Map<Integer, Duration> delays = delays(recording);
        recording
                .exchanges()
                .forEach(exchange -> mocks.add(mock(exchange, delays.getOrDefault(exchange.id(), Duration.ZERO))));
        if (!mocks.isEmpty()) {
            test.set("mocks", mocks);
        }
        return new JsonText(Json.writePretty(test).stripTrailing());
    }

    private static Instant instant(long ticks) {
        long perSecond = 1000 * GuestClock.TICKS_PER_MILLI;
        return Instant.ofEpochSecond(Math.floorDiv(ticks, perSecond), Math.floorMod(ticks, perSecond) * NANOS_PER_TICK);
    }

    private static void expectation(ObjectNode test, Recording recording) {
        switch (recording.outcome()) {
            case Succeeded(JsonText output) -> test.set("expected_output", Json.parse("output", output));
            case TaskFailed failed ->
                test.putObject("expected_error").put("type", failed.type()).put("message", failed.message());
            // The messages of these hold measurements or come from the schema library.
            case InvalidInput _, InvalidOutput _, LimitExceeded _ ->
                test.putObject("expected_error").put("type", Outcomes.name(recording.outcome()));
            case InvalidPackage _, WorkerCrashed _, Cancelled _ ->
                throw refusal("its outcome is not the task's doing: " + Outcomes.describe(recording.outcome()));
        }
    }

    private static ObjectNode mock(Exchange exchange, Duration delay) {
        ObjectNode mock = Json.object()
                .put("method", exchange.call().method())
                .put("url", exchange.call().url())
                .put("times", 1);
        requestBody(mock, exchange);
        switch (exchange.answer()) {
            case null ->
                error(mock, HttpAnswer.Reason.ABORTED, "no answer was recorded").put("delay", NEVER.toString());
            case HttpAnswer.Response response -> {
                response(mock, exchange, response);
                delay(mock, delay);
            }
            case HttpAnswer.Failure failure -> {
                error(mock, failure.reason(), failure.message());
                delay(mock, delay);
            }
        }
        return mock;
    }

    private static ObjectNode error(ObjectNode mock, HttpAnswer.Reason reason, String message) {
        mock.putObject("error")
                .put("reason", reason.name().toLowerCase(Locale.ROOT))
                .put("message", message);
        return mock;
    }

    private static void delay(ObjectNode mock, Duration delay) {
        double ticks = Math.round(delay.toNanos() / (double) NANOS_PER_TICK);
        if (ticks > 0) {
            mock.put("delay", ticks / GuestClock.TICKS_PER_MILLI);
        }
    }

    /**
     * How long each answer takes on the virtual clock: as long as it took, except that answers under way at the same
     * time come in the order the task saw, which small differences between real starts can hide.
     */
    private static Map<Integer, Duration> delays(Recording recording) {
        Map<Integer, Exchange> exchanges = new HashMap<>();
        recording.exchanges().forEach(exchange -> exchanges.put(exchange.id(), exchange));
        Map<Integer, Duration> delays = new LinkedHashMap<>();
        for (Settlement settlement : recording.trace().settlements()) {
            Exchange exchange = settlement.kind() == Settlement.Kind.FETCH ? exchanges.get(settlement.id()) : null;
            if (exchange == null) {
                continue;
            }
            Duration delay = exchange.delay();
            for (Map.Entry<Integer, Duration> earlier : delays.entrySet()) {
                Exchange other = Objects.requireNonNull(exchanges.get(earlier.getKey()));
                boolean together =
                        exchange.startedAfter().compareTo(other.startedAfter().plus(other.delay())) < 0;
                // Of two that are due together the one that was started first comes first.
                Duration least = other.id() < exchange.id()
                        ? earlier.getValue()
                        : earlier.getValue().plus(TICK);
                if (together && delay.compareTo(least) < 0) {
                    delay = least;
                }
            }
            delays.put(exchange.id(), delay);
        }
        exchanges.forEach((id, exchange) -> delays.putIfAbsent(id, exchange.delay()));
        return delays;
    }

    private static void requestBody(ObjectNode mock, Exchange exchange) {
        byte[] body = exchange.call().body();
        boolean multipart = HttpHeader.first(exchange.call().headers(), "content-type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/"))
                .orElse(false);
        // A multipart body starts with a random boundary, which any change of the code changes.
        if (body == null || multipart || exchange.callCut() != null) {
            return;
        }
        String text = utf8(body);
        if (text != null) {
            JsonNode json = parsed(text);
            mock.set("requestBody", json == null ? Json.array().stringNode(text) : json);
        }
    }

    private static void response(ObjectNode mock, Exchange exchange, HttpAnswer.Response response) {
        if (exchange.answerCut() != null) {
            throw refusal("of the " + exchange.answerCut().size() + " bytes that answered fetch " + exchange.id() + " ("
                    + exchange.title() + ") it has the first " + response.body().length);
        }
        mock.put("status", response.status());
        if (!response.statusText().isEmpty()) {
            mock.put("statusText", response.statusText());
        }
        if (response.redirected()) {
            mock.put("finalUrl", response.url());
        }
        headers(mock, response);
        if (response.body().length == 0) {
            return;
        }
        String text = utf8(response.body());
        if (text == null) {
            mock.put("bodyBase64", Base64.getEncoder().encodeToString(response.body()));
            return;
        }
        JsonNode json = parsed(text);
        // As JSON where that gives back the same bytes, for the task may read them as text.
        if (json != null && !json.isString() && Json.write(json).equals(text)) {
            mock.set("body", json);
        } else {
            mock.put("body", text);
        }
    }

    private static void headers(ObjectNode mock, HttpAnswer.Response response) {
        Map<String, List<HttpHeader>> byName = new LinkedHashMap<>();
        response.headers().forEach(header -> byName.computeIfAbsent(
                        header.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .add(header));
        ObjectNode object = Json.object();
        byName.values().forEach(same -> {
            if (same.size() == 1) {
                object.put(same.getFirst().name(), same.getFirst().value());
            } else {
                ArrayNode values = object.putArray(same.getFirst().name());
                same.forEach(header -> values.add(header.value()));
            }
        });
        if (response.body().length > 0 && !byName.containsKey("content-type")) {
            // Otherwise the mock would have the usual one for its body.
            object.putNull("content-type");
        }
        if (!object.isEmpty()) {
            mock.set("headers", object);
        }
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return Json.parse("body", text);
        } catch (RatchetException _) {
            return null;
        }
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    private static RatchetException refusal(String why) {
        return new RatchetException(ErrorCode.CONFLICT, "the recording cannot become a test: " + why);
    }
}
