package dev.ratchet.execution.recording;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.recording.Recording.Cut;
import dev.ratchet.execution.recording.Recording.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers fetches from a recording, by their number, and notes where they are not the recorded ones. Thread-safe. */
final class RecordedFetches implements FetchHandler {
    /** Due after everything else a task can be waiting for. */
    private static final Duration NEVER_ANSWERED = Duration.ofDays(1);

    private static final int MAX_SHOWN_CHARS = 300;

    private final Map<Integer, Exchange> recorded = new TreeMap<>();
    private final SecretForms forms;
    private final long startedEpochMillis;
    private final FetchOrder order = new FetchOrder();
    private final Map<Integer, Exchange> made = new TreeMap<>();
    private final Set<Integer> used = new HashSet<>();
    private final Set<Integer> changed = new HashSet<>();
    private final List<Divergence> divergences = new ArrayList<>();

    RecordedFetches(Recording recording, SecretForms forms) {
        recording.exchanges().forEach(exchange -> recorded.put(exchange.id(), exchange));
        this.forms = forms;
        this.startedEpochMillis = recording.createdAt().toEpochMilli();
    }

    @Override
    public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
        try {
            Exchange numbered = recorded.get(fetchId);
            List<String> differences = numbered == null ? List.of() : differences(numbered, call);
            if (numbered == null || !differences.isEmpty()) {
                order.awaitEarlier(fetchId, cancellation);
            }
            return choose(fetchId, call, numbered, differences);
        } finally {
            order.pass(fetchId);
        }
    }

    private synchronized FetchReply choose(
            int fetchId, HttpCall call, @Nullable Exchange numbered, List<String> differences) {
        String title = call.method() + " " + forms.normalise(call.url());
        if (numbered != null && differences.isEmpty() && !used.contains(fetchId)) {
            return answer(fetchId, title, numbered);
        }
        Optional<Exchange> elsewhere = recorded.values().stream()
                .filter(exchange -> !used.contains(exchange.id())
                        && exchange.id() != fetchId
                        && differences(exchange, call).isEmpty())
                .min(Comparator.comparingInt(exchange -> Math.abs(exchange.id() - fetchId)));
        if (elsewhere.isPresent()) {
            divergences.add(new Divergence.Reordered(
                    fetchId, title, elsewhere.orElseThrow().id()));
            return answer(fetchId, title, elsewhere.orElseThrow());
        }
        if (numbered == null || differences.isEmpty()) {
            divergences.add(new Divergence.Added(fetchId, title, recorded.size()));
        } else {
            changed.add(fetchId);
            divergences.add(new Divergence.Changed(fetchId, title, differences));
        }
        return unmatched("fetch " + fetchId + " (" + title + ") has no answer in the recording");
    }

    /** What was found so far, in the order of the fetches, recorded fetches that were not made last. */
    synchronized List<Divergence> divergences() {
        List<Divergence> all = new ArrayList<>(divergences);
        all.sort(Comparator.comparingInt(Divergence::fetchId));
        recorded.values().stream()
                .filter(exchange -> !used.contains(exchange.id()) && !changed.contains(exchange.id()))
                .forEach(exchange -> all.add(new Divergence.NotMade(exchange.id(), exchange.title())));
        return all;
    }

    /** The recorded exchanges that were used, under the numbers of the replay. */
    synchronized List<Exchange> made() {
        return List.copyOf(made.values());
    }

    private FetchReply answer(int fetchId, String title, Exchange exchange) {
        used.add(exchange.id());
        if (exchange.answerCut() != null && exchange.answer() instanceof HttpAnswer.Response response) {
            divergences.add(new Divergence.AnswerCut(
                    fetchId, title, exchange.answerCut().size(), response.body().length));
            return unmatched("the recording has only the beginning of the answer to fetch " + fetchId);
        }
        made.put(
                fetchId,
                new Exchange(
                        fetchId,
                        exchange.call(),
                        exchange.callCut(),
                        exchange.answer(),
                        exchange.answerCut(),
                        exchange.startedAfter(),
                        exchange.delay()));
        return switch (exchange.answer()) {
            case null ->
                new FetchReply(
                        failure(HttpAnswer.Reason.ABORTED, "the recorded run ended before there was an answer"),
                        NEVER_ANSWERED);
            case HttpAnswer.Response response -> new FetchReply(response, exchange.delay());
            case HttpAnswer.Failure failure ->
                new FetchReply(
                        failure, failure.reason() == HttpAnswer.Reason.ABORTED ? NEVER_ANSWERED : exchange.delay());
        };
    }

    private FetchReply unmatched(String message) {
        return FetchReply.of(failure(HttpAnswer.Reason.UNMATCHED, message));
    }

    private HttpAnswer failure(HttpAnswer.Reason reason, String message) {
        return new HttpAnswer.Failure(reason, message, null, HttpTiming.none(startedEpochMillis));
    }

    private List<String> differences(Exchange exchange, HttpCall now) {
        HttpCall then = exchange.call();
        List<String> found = new ArrayList<>();
        compare(found, "method", then.method(), now.method());
        compare(found, "url", then.url(), forms.normalise(now.url()));
        compareHeaders(found, then.headers(), now.headers());
        compareBodies(found, then.body(), exchange.callCut(), now.body());
        compare(found, "redirect", then.redirect().wireName(), now.redirect().wireName());
        return found;
    }

    private static void compare(List<String> found, String field, String then, String now) {
        if (!then.equals(now)) {
            found.add(field + ": recorded " + shorten(then) + ", now " + shorten(now));
        }
    }

    private void compareHeaders(List<String> found, List<HttpHeader> then, List<HttpHeader> now) {
        Map<String, List<String>> recordedValues = byName(then, false);
        Map<String, List<String>> values = byName(now, true);
        Set<String> names = new TreeSet<>(recordedValues.keySet());
        names.addAll(values.keySet());
        for (String name : names) {
            List<String> before = recordedValues.get(name);
            List<String> after = values.get(name);
            if (before == null) {
                found.add("header " + name + ": not recorded, now " + shown(after));
            } else if (after == null) {
                found.add("header " + name + ": recorded " + shown(before) + ", now absent");
            } else if (!before.equals(after)) {
                found.add("header " + name + ": recorded " + shown(before) + ", now " + shown(after));
            }
        }
    }

    private Map<String, List<String>> byName(List<HttpHeader> headers, boolean normalise) {
        Map<String, List<String>> values = new TreeMap<>();
        for (HttpHeader header : headers) {
            values.computeIfAbsent(header.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(normalise ? forms.normalise(header.value()) : header.value());
        }
        return values;
    }

    private static String shown(@Nullable List<String> values) {
        return values == null ? "absent" : shorten(String.join(", ", values));
    }

    private void compareBodies(List<String> found, byte @Nullable [] then, @Nullable Cut cut, byte @Nullable [] now) {
        if (then == null || now == null) {
            if (then != null || now != null) {
                found.add("body: " + (then == null ? "recorded none" : "recorded " + size(then, cut)) + ", now "
                        + (now == null ? "none" : now.length + " bytes"));
            }
            return;
        }
        byte[] body = forms.normalise(now);
        if (cut != null) {
            if (cut.size() != body.length || !cut.sha256().equals(Bodies.sha256(body))) {
                found.add("body: recorded " + cut.size() + " bytes, of which the first " + then.length
                        + " are kept, now " + body.length + " bytes with another digest");
            }
            return;
        }
        if (!Arrays.equals(then, body)) {
            found.addAll(bodyDifferences(then, body));
        }
    }

    private static String size(byte[] kept, @Nullable Cut cut) {
        return (cut == null ? kept.length : cut.size()) + " bytes";
    }

    private static List<String> bodyDifferences(byte[] then, byte[] now) {
        String before = Bodies.utf8(then);
        String after = Bodies.utf8(now);
        if (before == null || after == null) {
            return List.of("body: recorded " + then.length + " bytes, now " + now.length
                    + " bytes, different from byte " + Arrays.mismatch(then, now));
        }
        try {
            JsonDiff diff = JsonDiff.between(
                    Json.parse("recorded body", before), Json.parse("body", after), JsonDiff.Mode.EXACT);
            if (!diff.isEmpty()) {
                return diff.lines().stream().map(line -> "body " + line).toList();
            }
        } catch (RatchetException _) {
            // Not both JSON: compared as text below.
        }
        int at = 0;
        while (at < Math.min(before.length(), after.length()) && before.charAt(at) == after.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - MAX_SHOWN_CHARS / 2);
        return List.of("body, from character " + at + ": recorded "
                + Json.quote(shorten(before.substring(from))) + ", now "
                + Json.quote(shorten(after.substring(from))));
    }

    private static String shorten(String text) {
        return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "…";
    }
}
