package dev.ratchet.execution.testing;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.recording.FetchOrder;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.recording.JsonDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Answers the fetches of one run from mocks: the first that matches and is not used up wins. A fetch without a mock
 * fails like a broken network and is remembered, so that the test fails even where the task copes. Thread-safe.
 */
public final class MockFetches implements FetchHandler {
    private static final int NEAREST_SHOWN = 3;
    private static final int MAX_UNMATCHED = 100;

    private final List<MockFetch> mocks;
    private final long startedEpochMillis;
    private final int[] uses;
    private final Map<Integer, String> unmatched = new TreeMap<>();
    private final FetchOrder order;

    private record Miss(MockFetch mock, int score, String why) {}

    /**
     * @param mocks in order of precedence
     * @param startedEpochMillis what the answers' timing says
     */
    public MockFetches(List<MockFetch> mocks, long startedEpochMillis) {
        this(mocks, startedEpochMillis, new FetchOrder());
    }

    MockFetches(List<MockFetch> mocks, long startedEpochMillis, FetchOrder order) {
        this.order = order;
        this.mocks = List.copyOf(mocks);
        this.startedEpochMillis = startedEpochMillis;
        this.uses = new int[this.mocks.size()];
    }

    @Override
    public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
        try {
            if (dependsOnOrder(call)) {
                order.awaitEarlier(fetchId, cancellation);
            }
            return answer(fetchId, call);
        } finally {
            order.pass(fetchId);
        }
    }

    /** One message for each fetch that had no mock, in order of the fetches. */
    public synchronized List<String> unmatched() {
        return List.copyOf(unmatched.values());
    }

    /** Whether a mock that may be used up is the answer. */
    private boolean dependsOnOrder(HttpCall call) {
        return mocks.stream().anyMatch(mock -> mock.times() != MockFetch.UNLIMITED && miss(mock, call) == null);
    }

    private synchronized FetchReply answer(int fetchId, HttpCall call) {
        List<Miss> misses = new ArrayList<>();
        for (int i = 0; i < mocks.size(); i++) {
            MockFetch mock = mocks.get(i);
            Miss miss = miss(mock, call);
            if (miss == null && uses[i] < mock.times()) {
                uses[i]++;
                return reply(mock, call);
            }
            misses.add(miss == null ? new Miss(mock, 100, "is used up (times: " + mock.times() + ")") : miss);
        }
        String message = "fetch " + fetchId + " has no mock: " + call.method() + " " + call.url();
        if (unmatched.size() < MAX_UNMATCHED) {
            unmatched.put(fetchId, message + nearest(misses));
        }
        return FetchReply.of(new HttpAnswer.Failure(
                HttpAnswer.Reason.UNMATCHED, message, null, HttpTiming.none(startedEpochMillis)));
    }

    private FetchReply reply(MockFetch mock, HttpCall call) {
        HttpTiming timing = HttpTiming.none(startedEpochMillis);
        HttpAnswer answer =
                switch (mock.reply()) {
                    case MockFetch.Reply.Respond r -> {
                        String asked = withoutFragment(call.url());
                        String url = r.finalUrl() == null ? asked : r.finalUrl();
                        yield new HttpAnswer.Response(
                                r.status(), r.statusText(), url, !url.equals(asked), r.headers(), r.body(), timing);
                    }
                    case MockFetch.Reply.Fail(HttpAnswer.Reason reason, String message) ->
                        new HttpAnswer.Failure(reason, message, null, timing);
                };
        return new FetchReply(answer, mock.delay());
    }

    private static String withoutFragment(String url) {
        int fragment = url.indexOf('#');
        return fragment < 0 ? url : url.substring(0, fragment);
    }

    private static String nearest(List<Miss> misses) {
        if (misses.isEmpty()) {
            return "; the test has no mocks";
        }
        StringBuilder text = new StringBuilder("; nearest mocks:");
        misses.stream()
                .sorted(Comparator.comparingInt(Miss::score).reversed())
                .limit(NEAREST_SHOWN)
                .forEach(miss -> text.append("\n    ")
                        .append(miss.mock().title())
                        .append(": ")
                        .append(miss.why()));
        return text.toString();
    }

    /** Null when the mock matches; otherwise why not, and how near it came. */
    private static @Nullable Miss miss(MockFetch mock, HttpCall call) {
        if (!mock.url().matches(call.url())) {
            boolean sameMethod = mock.method() == null || mock.method().equals(call.method());
            int common = commonPrefix(mock.url().text(), call.url());
            return new Miss(
                    mock,
                    (sameMethod ? 10 : 0)
                            + Math.min(40, common * 40 / Math.max(1, call.url().length())),
                    "another URL" + (sameMethod ? "" : " and another method"));
        }
        if (mock.method() != null && !mock.method().equals(call.method())) {
            return new Miss(mock, 60, "another method");
        }
        String body = mock.requestBody() == null
                ? null
                : bodyDifference(Json.parse("requestBody", mock.requestBody()), call.body());
        return body == null ? null : new Miss(mock, 80, "another body: " + body);
    }

    private static @Nullable String bodyDifference(JsonNode expected, byte @Nullable [] body) {
        String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
        if (expected.isString() && expected.stringValue().equals(text)) {
            return null;
        }
        try {
            List<String> lines = JsonDiff.between(expected, Json.parse("body", text), JsonDiff.Mode.SUBSET)
                    .lines();
            return lines.isEmpty() ? null : lines.getFirst();
        } catch (RatchetException _) {
            return expected.isString() ? "it is not the text expected" : "it is not JSON";
        }
    }

    private static int commonPrefix(String one, String other) {
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }
}
