package dev.ratchet.execution.testing;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.recording.JsonDiff;
import dev.ratchet.execution.testing.TestCase.Expectation;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads test files; their form is described in {@code docs/recording.md}. */
public final class TestCases {
    /** Where a test's clock starts when it does not say: 2026-01-01T00:00:00Z. */
    public static final Instant DEFAULT_CLOCK = Instant.parse("2026-01-01T00:00:00Z");

    /** Where a test's random numbers come from when it does not say. */
    public static final String DEFAULT_SEED = "test";

    /** Cases in one file. */
    public static final int MAX_CASES = 1_000;

    /** Mocks of one case. */
    public static final int MAX_MOCKS = 10_000;

    private static final Set<String> CASE_KEYS = new TreeSet<>(List.of(
            "name",
            "description",
            "input",
            "expected_output",
            "expected",
            "expected_error",
            "should_fail",
            "match",
            "mocks",
            "clock",
            "seed",
            "secrets"));
    private static final Set<String> MOCK_KEYS = new TreeSet<>(List.of(
            "method",
            "url",
            "status",
            "statusText",
            "headers",
            "body",
            "bodyBase64",
            "finalUrl",
            "error",
            "delay",
            "times",
            "requestBody"));
    private static final Set<String> ERROR_KEYS = new TreeSet<>(List.of("type", "message"));
    private static final Set<String> MOCK_ERROR_KEYS = new TreeSet<>(List.of("reason", "message"));
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,32}");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");
    private static final Duration MAX_DELAY = Duration.ofDays(365);

    private final String path;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * What a file holds.
     *
     * @param cases the readable cases in order; those with problems are left out
     * @param problems everything wrong with the file, with JSON pointers; the file is good when empty
     */
    public record Parsed(List<TestCase> cases, List<Problem> problems) {
        public Parsed {
            cases = List.copyOf(cases);
            problems = List.copyOf(problems);
        }
    }

    private TestCases(String path) {
        this.path = path;
    }

    /**
     * Reads one test file: an object, or an array of them.
     *
     * @param path of the file inside its package
     */
    public static Parsed parse(String path, JsonText text) {
        TestCases reading = new TestCases(path);
        JsonNode root;
        try {
            root = Json.parse(path, text);
        } catch (RatchetException e) {
            return new Parsed(List.of(), e.problems());
        }
        List<TestCase> cases = new ArrayList<>();
        if (root.isObject()) {
            reading.readInto(cases, "", root, 0, false);
        } else if (root.isArray() && !root.isEmpty() && root.size() <= MAX_CASES) {
            for (int i = 0; i < root.size(); i++) {
                reading.readInto(cases, Json.pointer("", i), root.get(i), i, root.size() > 1);
            }
        } else {
            reading.problems.add(Problem.of(
                    path, "must be a test case as a JSON object, or an array of 1 to " + MAX_CASES + " of them"));
        }
        return new Parsed(cases, reading.problems);
    }

    private void readInto(List<TestCase> cases, String pointer, JsonNode node, int index, boolean several) {
        int before = problems.size();
        CaseReader reader = new CaseReader(path, pointer, node, problems);
        if (!node.isObject()) {
            reader.problem("must be a test case as a JSON object");
            return;
        }
        reader.refuseKeysOutside(CASE_KEYS);
        String name = reader.text("name");
        String description = reader.text("description");
        JsonText input = reader.json("input");
        Expectation expectation = expectation(reader);
        List<MockFetch> mocks = mocks(reader);
        Long clock = clock(reader);
        String seed = seed(reader);
        Secrets secrets = secrets(reader);
        if (problems.size() == before && expectation != null) {
            cases.add(new TestCase(
                    path,
                    index,
                    name == null || name.isBlank() ? defaultName(index, several) : name,
                    description == null ? "" : description,
                    input == null ? JsonText.EMPTY_OBJECT : input,
                    expectation,
                    mocks,
                    clock == null ? DEFAULT_CLOCK.toEpochMilli() * GuestClock.TICKS_PER_MILLI : clock,
                    seed == null ? DEFAULT_SEED : seed,
                    secrets));
        }
    }

    private String defaultName(int index, boolean several) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        String base = file.endsWith(".json") ? file.substring(0, file.length() - 5) : file;
        return several ? base + " #" + (index + 1) : base;
    }

    private @Nullable Expectation expectation(CaseReader reader) {
        if (reader.has("expected") && reader.has("expected_output")) {
            reader.problem("expected", "says the same as expected_output; keep one of them");
        }
        Boolean shouldFail = reader.flag("should_fail");
        JsonDiff.Mode match = match(reader);
        JsonText output = reader.json(reader.has("expected_output") ? "expected_output" : "expected");
        if (output != null) {
            if (reader.has("expected_error") || Boolean.TRUE.equals(shouldFail)) {
                reader.problem("a task that fails has no output: expected_output goes with neither expected_error nor "
                        + "should_fail: true");
            }
            return new Expectation.Output(output, match);
        }
        if (reader.has("match")) {
            reader.problem("match", "says how to compare expected_output, which is missing");
        }
        if (reader.has("expected_error")) {
            if (Boolean.FALSE.equals(shouldFail)) {
                reader.problem("should_fail", "is false, which contradicts expected_error");
            }
            return expectedError(reader);
        }
        if (shouldFail == null) {
            if (!reader.has("should_fail")) {
                reader.problem(
                        "expects nothing; accepted: expected_output (or expected), expected_error or should_fail");
            }
            return null;
        }
        return shouldFail ? new Expectation.AnyFailure() : new Expectation.AnyOutput();
    }

    private static JsonDiff.Mode match(CaseReader reader) {
        JsonDiff.Mode match = reader.parsed("match", text -> switch (text) {
            case "exact" -> JsonDiff.Mode.EXACT;
            case "subset" -> JsonDiff.Mode.SUBSET;
            default -> throw new IllegalArgumentException("'" + text + "' is unknown; accepted: exact, subset");
        });
        return match == null ? JsonDiff.Mode.EXACT : match;
    }

    private static @Nullable Expectation expectedError(CaseReader reader) {
        if (reader.node().get("expected_error").isString()) {
            return new Expectation.FailureText(
                    reader.node().get("expected_error").stringValue());
        }
        CaseReader error = reader.node().get("expected_error").isObject() ? reader.object("expected_error") : null;
        if (error == null) {
            reader.problem(
                    "expected_error", "must be a string (the type or part of the message) or {\"type\", \"message\"}");
            return null;
        }
        error.refuseKeysOutside(ERROR_KEYS);
        return new Expectation.Failure(error.text("type"), error.text("message"));
    }

    private static @Nullable Long clock(CaseReader reader) {
        JsonNode value = reader.node().get("clock");
        if (value == null) {
            return null;
        }
        try {
            if (value.isString()) {
                Instant instant = Instant.parse(value.stringValue());
                return Math.addExact(
                        Math.multiplyExact(instant.getEpochSecond(), 1000 * GuestClock.TICKS_PER_MILLI),
                        instant.getNano() / (1_000_000 / GuestClock.TICKS_PER_MILLI));
            }
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                return Math.multiplyExact(value.longValue(), GuestClock.TICKS_PER_MILLI);
            }
        } catch (DateTimeException | ArithmeticException _) {
            // Said below, as for any other value.
        }
        reader.problem("clock", "must be an instant such as 2026-01-01T00:00:00Z or milliseconds since 1970");
        return null;
    }

    private static @Nullable String seed(CaseReader reader) {
        JsonNode value = reader.node().get("seed");
        if (value != null && value.isIntegralNumber()) {
            return value.asString();
        }
        return reader.text("seed");
    }

    private static Secrets secrets(CaseReader reader) {
        CaseReader object = reader.object("secrets");
        if (object == null) {
            return Secrets.NONE;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : object.node().propertyNames()) {
            String value = object.text(name);
            if (value != null) {
                try {
                    values.putAll(new Secrets(Map.of(name, value)).reveal());
                } catch (IllegalArgumentException e) {
                    object.problem(name, String.valueOf(e.getMessage()));
                }
            }
        }
        return new Secrets(values);
    }

    private List<MockFetch> mocks(CaseReader reader) {
        JsonNode value = reader.node().get("mocks");
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MAX_MOCKS) {
            reader.problem("mocks", "must be an array of at most " + MAX_MOCKS + " mocks");
            return List.of();
        }
        List<MockFetch> mocks = new ArrayList<>();
        String place = Json.pointer(reader.pointer(), "mocks");
        for (int i = 0; i < value.size(); i++) {
            CaseReader mock = new CaseReader(path, Json.pointer(place, i), value.get(i), problems);
            if (value.get(i).isObject()) {
                MockFetch read = mock(mock);
                if (read != null) {
                    mocks.add(read);
                }
            } else {
                mock.problem("must be a mock as a JSON object with at least a url");
            }
        }
        return mocks;
    }

    private @Nullable MockFetch mock(CaseReader mock) {
        mock.refuseKeysOutside(MOCK_KEYS);
        String method = mock.parsed("method", TestCases::method);
        if (!mock.has("url")) {
            mock.problem("url", "is missing; accepted: " + UrlPattern.ACCEPTED);
        }
        UrlPattern url = mock.parsed("url", UrlPattern::parse);
        JsonText requestBody = mock.json("requestBody");
        MockFetch.Reply reply = mock.has("error") ? failure(mock) : response(mock);
        Duration delay = delay(mock);
        Integer times = mock.integer("times", 1, MockFetch.UNLIMITED);
        if (url == null || reply == null) {
            return null;
        }
        return new MockFetch(
                method == null || method.equals("*") ? null : method,
                url,
                requestBody,
                reply,
                delay == null ? Duration.ZERO : delay,
                times == null ? MockFetch.UNLIMITED : times);
    }

    private static String method(String text) {
        if (!text.equals("*") && !METHOD.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no method; accepted: a method such as GET, or *");
        }
        return text.toUpperCase(Locale.ROOT);
    }

    private static MockFetch.@Nullable Reply failure(CaseReader mock) {
        for (String key : List.of("status", "statusText", "headers", "body", "bodyBase64", "finalUrl")) {
            if (mock.has(key)) {
                mock.problem(key, "belongs to a response, but error says that there is none");
            }
        }
        if (mock.node().get("error").isString()) {
            return new MockFetch.Reply.Fail(
                    HttpAnswer.Reason.CONNECT, mock.node().get("error").stringValue());
        }
        CaseReader error = mock.node().get("error").isObject() ? mock.object("error") : null;
        if (error == null) {
            mock.problem("error", "must be a message, or {\"reason\", \"message\"}");
            return null;
        }
        error.refuseKeysOutside(MOCK_ERROR_KEYS);
        HttpAnswer.Reason reason = error.parsed("reason", TestCases::reason);
        String message = error.text("message");
        return new MockFetch.Reply.Fail(
                reason == null ? HttpAnswer.Reason.CONNECT : reason, message == null ? "" : message);
    }

    private static HttpAnswer.Reason reason(String text) {
        List<String> accepted = new ArrayList<>();
        for (HttpAnswer.Reason reason : HttpAnswer.Reason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            if (name.equals(text)) {
                return reason;
            }
            accepted.add(name);
        }
        throw new IllegalArgumentException("'" + text + "' is unknown; accepted: " + String.join(", ", accepted));
    }

    private static MockFetch.@Nullable Reply response(CaseReader mock) {
        Integer status = mock.integer("status", 200, 599);
        String statusText = mock.text("statusText");
        List<HttpHeader> headers = headers(mock);
        String finalUrl = mock.text("finalUrl");
        if (mock.has("body") && mock.has("bodyBase64")) {
            mock.problem("bodyBase64", "goes without body; keep one of them");
        }
        byte[] body = new byte[0];
        String type = null;
        JsonNode value = mock.node().get("body");
        if (value != null) {
            type = value.isString() ? "text/plain;charset=UTF-8" : "application/json";
            body = (value.isString() ? value.stringValue() : Json.write(value)).getBytes(StandardCharsets.UTF_8);
        } else if (mock.has("bodyBase64")) {
            byte[] decoded = mock.parsed("bodyBase64", TestCases::base64);
            if (decoded == null) {
                return null;
            }
            type = "application/octet-stream";
            body = decoded;
        }
        if (type != null && !mentionsContentType(mock)) {
            headers.addFirst(new HttpHeader("content-type", type));
        }
        return new MockFetch.Reply.Respond(
                status == null ? 200 : status, statusText == null ? "" : statusText, headers, body, finalUrl);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not Base64: " + e.getMessage(), e);
        }
    }

    private static List<HttpHeader> headers(CaseReader mock) {
        List<HttpHeader> headers = new ArrayList<>();
        CaseReader object = mock.object("headers");
        if (object == null) {
            return headers;
        }
        for (Map.Entry<String, JsonNode> header : object.node().properties()) {
            JsonNode value = header.getValue();
            if (!HEADER_NAME.matcher(header.getKey()).matches()) {
                object.problem(header.getKey(), "is not a header name");
            } else if (value.isString() || value.isNumber()) {
                headers.add(new HttpHeader(header.getKey(), value.asString()));
            } else if (value.isArray() && value.valueStream().allMatch(JsonNode::isString)) {
                value.forEach(each -> headers.add(new HttpHeader(header.getKey(), each.stringValue())));
            } else if (!value.isNull() || !header.getKey().equalsIgnoreCase("content-type")) {
                object.problem(header.getKey(), "must be a string, or an array of strings for several such headers");
            }
        }
        return headers;
    }

    /** Whether the type is given, or ruled out by null. */
    private static boolean mentionsContentType(CaseReader mock) {
        JsonNode headers = mock.node().get("headers");
        return headers != null && headers.propertyNames().stream().anyMatch("content-type"::equalsIgnoreCase);
    }

    private static @Nullable Duration delay(CaseReader mock) {
        JsonNode value = mock.node().get("delay");
        if (value == null) {
            return null;
        }
        Duration delay = null;
        if (value.isNumber()) {
            double millis = value.numberValue().doubleValue();
            delay = millis >= 0 && millis <= MAX_DELAY.toMillis() ? Duration.ofNanos((long) (millis * 1e6)) : null;
        } else if (value.isString()) {
            delay = duration(value.stringValue());
        }
        if (delay == null || delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            mock.problem("delay", "must be milliseconds or a duration such as 200ms, 1.5s or PT2S, at most a year");
            return null;
        }
        return delay;
    }

    private static @Nullable Duration duration(String text) {
        Matcher parts = SHORT_DURATION.matcher(text);
        if (parts.matches()) {
            double unitNanos =
                    switch (parts.group(2)) {
                        case "ms" -> 1e6;
                        case "s" -> 1e9;
                        case "m" -> 60e9;
                        default -> 3600e9;
                    };
            double nanos = Double.parseDouble(parts.group(1)) * unitNanos;
            return nanos > MAX_DELAY.toNanos() ? null : Duration.ofNanos((long) nanos);
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }
}
