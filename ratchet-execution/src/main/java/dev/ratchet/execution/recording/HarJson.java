package dev.ratchet.execution.recording;

import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.recording.Recording.Cut;
import dev.ratchet.execution.recording.Recording.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fetches of a recording as an HTTP Archive 1.2 (Odvarka, Jain, Davies: "HTTP Archive (HAR) format"), for
 * developer tools. Fields that start with an underscore are extensions the format allows: {@code _error} is where
 * Chromium looks for the reason of a request without a response.
 */
final class HarJson {
    private static final String UNKNOWN_VERSION = "unknown";
    private static final String DEFAULT_TYPE = "application/octet-stream";

    private HarJson() {}

    static ObjectNode toTree(Recording recording) {
        ObjectNode har = Json.object();
        ObjectNode log = har.putObject("log").put("version", "1.2");
        String version = HarJson.class.getPackage().getImplementationVersion();
        log.putObject("creator").put("name", "Ratchet").put("version", version == null ? UNKNOWN_VERSION : version);
        log.put(
                "comment",
                "Fetches of " + recording.context().taskName() + " "
                        + recording.context().taskVersion() + ", execution "
                        + recording.context().executionId());
        ArrayNode entries = log.putArray("entries");
        recording.exchanges().stream()
                .filter(exchange -> exchange.answer() != null)
                .sorted(Comparator.comparingLong((Exchange e) -> timing(e).startedEpochMillis())
                        .thenComparingInt(Exchange::id))
                .forEach(exchange -> entries.add(entry(exchange)));
        return har;
    }

    private static HttpTiming timing(Exchange exchange) {
        return switch (Objects.requireNonNull(exchange.answer())) {
            case HttpAnswer.Response response -> response.timing();
            case HttpAnswer.Failure failure -> failure.timing();
        };
    }

    private static ObjectNode entry(Exchange exchange) {
        HttpTiming timing = timing(exchange);
        ObjectNode entry = Json.object()
                .put(
                        "startedDateTime",
                        Instant.ofEpochMilli(timing.startedEpochMillis()).toString())
                .put("time", timing.totalMillis());
        entry.set("request", request(exchange));
        switch (Objects.requireNonNull(exchange.answer())) {
            case HttpAnswer.Response response -> entry.set("response", response(response, exchange.answerCut()));
            case HttpAnswer.Failure failure -> entry.set("response", failure(failure));
        }
        entry.putObject("cache");
        entry.putObject("timings")
                .put("blocked", -1)
                .put("dns", timing.dns())
                .put("connect", timing.connect())
                .put("ssl", timing.tls())
                .put("send", Math.max(0, timing.send()))
                .put("wait", Math.max(0, timing.await()))
                .put("receive", Math.max(0, timing.receive()));
        return entry.put("comment", "fetch " + exchange.id());
    }

    private static ObjectNode request(Exchange exchange) {
        byte[] body = exchange.call().body();
        ObjectNode request = Json.object()
                .put("method", exchange.call().method())
                .put("url", exchange.call().url())
                .put("httpVersion", UNKNOWN_VERSION);
        request.putArray("cookies");
        headers(request, exchange.call().headers());
        queryString(request, exchange.call().url());
        if (body != null) {
            ObjectNode data = request.putObject("postData")
                    .put("mimeType", type(exchange.call().headers()));
            data.putArray("params");
            String text = Bodies.utf8(body);
            if (text == null) {
                data.put("text", Base64.getEncoder().encodeToString(body)).put("_encoding", "base64");
            } else {
                data.put("text", text);
            }
            cutComment(data, exchange.callCut());
        }
        return request.put("headersSize", -1).put("bodySize", size(body, exchange.callCut()));
    }

    private static ObjectNode response(HttpAnswer.Response answer, @Nullable Cut cut) {
        ObjectNode response = Json.object()
                .put("status", answer.status())
                .put("statusText", answer.statusText())
                .put("httpVersion", UNKNOWN_VERSION);
        response.putArray("cookies");
        headers(response, answer.headers());
        ObjectNode content = response.putObject("content")
                .put("size", size(answer.body(), cut))
                .put("mimeType", type(answer.headers()));
        String text = Bodies.utf8(answer.body());
        if (text == null) {
            content.put("text", Base64.getEncoder().encodeToString(answer.body()))
                    .put("encoding", "base64");
        } else {
            content.put("text", text);
        }
        cutComment(content, cut);
        return response.put(
                        "redirectURL",
                        HttpHeader.first(answer.headers(), "location").orElse(""))
                .put("headersSize", -1)
                .put("bodySize", -1);
    }

    private static ObjectNode failure(HttpAnswer.Failure failure) {
        ObjectNode response =
                Json.object().put("status", 0).put("statusText", "").put("httpVersion", UNKNOWN_VERSION);
        response.putArray("cookies");
        response.putArray("headers");
        response.putObject("content").put("size", 0).put("mimeType", "x-unknown");
        return response.put("redirectURL", "")
                .put("headersSize", -1)
                .put("bodySize", -1)
                .put("_error", Fields.wireName(failure.reason()) + ": " + failure.message());
    }

    private static void headers(ObjectNode tree, List<HttpHeader> headers) {
        ArrayNode list = tree.putArray("headers");
        headers.forEach(h -> list.addObject().put("name", h.name()).put("value", h.value()));
    }

    private static void queryString(ObjectNode request, String url) {
        ArrayNode list = request.putArray("queryString");
        int fragment = url.indexOf('#');
        String whole = fragment < 0 ? url : url.substring(0, fragment);
        int start = whole.indexOf('?');
        if (start < 0) {
            return;
        }
        for (String parameter : whole.substring(start + 1).split("&", -1)) {
            if (!parameter.isEmpty()) {
                int equals = parameter.indexOf('=');
                list.addObject()
                        .put("name", decode(equals < 0 ? parameter : parameter.substring(0, equals)))
                        .put("value", equals < 0 ? "" : decode(parameter.substring(equals + 1)));
            }
        }
    }

    private static String decode(String component) {
        try {
            return URLDecoder.decode(component, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // A stray percent sign is allowed in a URL; it is shown as it stands.
            return component;
        }
    }

    private static String type(List<HttpHeader> headers) {
        return HttpHeader.first(headers, "content-type").orElse(DEFAULT_TYPE);
    }

    private static long size(byte @Nullable [] body, @Nullable Cut cut) {
        if (cut != null) {
            return cut.size();
        }
        return body == null ? 0 : body.length;
    }

    private static void cutComment(ObjectNode tree, @Nullable Cut cut) {
        if (cut != null) {
            tree.put("comment", "cut; the whole body has " + cut.size() + " bytes");
        }
    }
}
