package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination.Header;
import dev.ratchet.core.delivery.OutputDestination.HttpMethod;
import dev.ratchet.core.delivery.OutputDestination.Webhook;
import dev.ratchet.core.delivery.WebhookAuthentication;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.execution.delivery.HostBreakers.HostBreaker;
import dev.ratchet.execution.delivery.Templates.Place;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.url.WhatwgUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends results to URLs through the gate for outgoing HTTP. Redirects are not followed. An answer of 2xx is delivered;
 * 408, 425, 429, 5xx and no answer are tried again; every other answer is final.
 */
final class WebhookChannel implements AutoCloseable {
    /** Bodies of answers are not looked at; a receiver may chatter this much. */
    private static final long MAX_ANSWER_BYTES = 4 * 1024 * 1024;

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)(?:\\.|%2e){1,2}");

    private final OutboundHttp http;
    private final WebhookSecurity security;
    private final HostBreakers breakers;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor timer;

    WebhookChannel(OutboundHttp http, DeliverySettings settings, InstantSource clock) {
        this.http = http;
        this.security = settings.security();
        this.breakers = new HostBreakers(settings.circuitBreaker(), clock);
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ratchet-webhook-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    DeliveryAttempt deliver(DeliveryId id, Webhook destination, Rendering rendering, Cancellation cancellation) {
        ObjectNode info = Json.object();
        info.put("method", destination.method().name());
        try {
            WhatwgUrl url = url(rendering.fill("url", destination.url(), Place.URL));
            info.put("host", url.host());
            byte[] body = hasBody(destination.method())
                    ? rendering.body(destination.format(), destination.template(), destination.compression())
                    : new byte[0];
            HttpCall call = call(id, destination, rendering, url, body);
            HostBreaker breaker = breakers.of(url.hostname() + ":" + url.effectivePort());
            if (!breaker.tryAcquire()) {
                info.put("circuitOpen", true);
                return Attempts.postponed(
                        url.host() + " failed too often and is left alone for a while", breaker.timeLeft(), info);
            }
            return send(call, url, destination.timeout(), breaker, cancellation, info);
        } catch (TemplateException e) {
            return Attempts.failed(e.text(), info);
        } catch (TooLargeException e) {
            return Attempts.failed(e.text(), info);
        } catch (IOException e) {
            return Attempts.failed("the body could not be packed: " + e.getMessage(), info);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private DeliveryAttempt send(
            HttpCall call,
            WhatwgUrl url,
            Duration timeout,
            HostBreaker breaker,
            Cancellation cancellation,
            ObjectNode info) {
        String host = url.hostname().replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
        EgressPolicy policy = new EgressPolicy(
                NetPermissions.ANY_PUBLIC_HOST, security.grants(host), MAX_ANSWER_BYTES, WebhookSecurity.GRANTED_BY);
        Cancellation either = new Cancellation();
        AtomicBoolean late = new AtomicBoolean();
        HttpAnswer answer;
        ScheduledFuture<?> deadline;
        try {
            deadline = timer.schedule(
                    () -> {
                        late.set(true);
                        either.cancel();
                    },
                    timeout.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            breaker.undecided();
            return Attempts.retry("the server is stopping", info);
        }
        Cancellation.Registration caller = cancellation.onCancel(either::cancel);
        try {
            answer = http.send(call, policy, either);
        } catch (RuntimeException | Error e) {
            // A defect says nothing about the host, and must not keep its breaker waiting for a verdict.
            breaker.undecided();
            throw e;
        } finally {
            caller.close();
            deadline.cancel(false);
        }
        return switch (answer) {
            case HttpAnswer.Response response -> ofResponse(response, bytes(call), breaker, info);
            case HttpAnswer.Failure failure -> ofFailure(failure, late.get() ? timeout : null, url, breaker, info);
        };
    }

    private DeliveryAttempt ofResponse(HttpAnswer.Response response, int sent, HostBreaker breaker, ObjectNode info) {
        int status = response.status();
        info.put("status", status);
        info.put("durationMs", Math.round(response.timing().totalMillis()));
        if (status >= 500) {
            breaker.failed();
        } else if (status == 408 || status == 425 || status == 429) {
            breaker.undecided();
        } else {
            breaker.succeeded();
        }
        if (status >= 200 && status < 300) {
            return Attempts.delivered(sent, info);
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            Optional<Duration> after = HttpHeader.first(response.headers(), "Retry-After")
                    .flatMap(value -> RetryAfter.parse(value, clock.instant()));
            after.ifPresent(wait -> info.put("retryAfterSeconds", wait.toSeconds()));
            return Attempts.retry("the receiver answered with status " + status, after.orElse(null), info);
        }
        String redirect = status < 400 ? ", a redirect, which webhooks do not follow" : "";
        return Attempts.failed("the receiver answered with status " + status + redirect, info);
    }

    private static DeliveryAttempt ofFailure(
            HttpAnswer.Failure failure,
            @Nullable Duration exceeded,
            WhatwgUrl url,
            HostBreaker breaker,
            ObjectNode info) {
        info.put("failure", failure.reason().name());
        String message = withoutPath(failure.message(), url);
        return switch (failure.reason()) {
            case DNS, CONNECT, TLS, TIMEOUT, PROTOCOL -> {
                breaker.failed();
                yield Attempts.retry(message, info);
            }
            case ABORTED -> {
                if (exceeded == null) {
                    breaker.undecided();
                    yield Attempts.retry("the delivery was stopped", info);
                }
                breaker.failed();
                yield Attempts.retry("no answer within " + exceeded.toSeconds() + " s", info);
            }
            case BAD_URL, NOT_PERMITTED, ADDRESS_REFUSED, REDIRECT, TOO_LARGE, UNMATCHED -> {
                breaker.undecided();
                yield Attempts.failed(message, info);
            }
        };
    }

    /** The path of a URL may be all the secret a receiver asks for; the gate's messages show it. */
    private static String withoutPath(String message, WhatwgUrl url) {
        return message.replaceAll(Pattern.quote(url.origin()) + "/\\S*", url.origin() + "/…");
    }

    private static WhatwgUrl url(String text) throws TemplateException {
        for (String segment : text.split("[?#]", 2)[0].split("/", -1)) {
            if (DOT_SEGMENT.matcher(segment).matches()) {
                throw new TemplateException(
                        "the URL has a . or .. segment in its path, perhaps from a variable; accepted are none");
            }
        }
        WhatwgUrl url = WhatwgUrl.parse(text)
                .orElseThrow(() -> new TemplateException("the URL cannot be read; accepted is http://… or https://…"));
        if (!url.protocol().equals("http:") && !url.protocol().equals("https:")) {
            throw new TemplateException("the URL is not http:// or https://");
        }
        url.setHash("");
        return url;
    }

    @SuppressWarnings("NullAway") // the annotation of an array parameter is lost in the class file of HttpCall
    private HttpCall call(DeliveryId id, Webhook destination, Rendering rendering, WhatwgUrl url, byte[] body)
            throws TemplateException {
        List<HttpHeader> headers = new ArrayList<>();
        for (Header header : destination.headers()) {
            headers.add(new HttpHeader(
                    header.name(), rendering.fill("headers." + header.name(), header.value(), Place.HEADER)));
        }
        boolean hasBody = hasBody(destination.method());
        if (hasBody) {
            contentHeaders(destination, headers);
        }
        if (destination.authentication() != null) {
            headers.add(authentication(destination.authentication(), rendering));
        }
        Instant now = clock.instant();
        headers.add(new HttpHeader(WebhookSignature.ID_HEADER, id.value().toString()));
        headers.add(new HttpHeader(WebhookSignature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond())));
        if (destination.signingSecret() != null) {
            headers.add(new HttpHeader(
                    WebhookSignature.SIGNATURE_HEADER,
                    WebhookSignature.sign(
                            destination.signingSecret().value(), id.value().toString(), now, body)));
        }
        return new HttpCall(
                destination.method().name(), url.href(), headers, hasBody ? body : null, HttpCall.RedirectMode.MANUAL);
    }

    private static void contentHeaders(Webhook destination, List<HttpHeader> headers) {
        if (destination.contentType() != null) {
            headers.removeIf(header -> header.name().equalsIgnoreCase("Content-Type"));
            headers.add(new HttpHeader("Content-Type", destination.contentType()));
        } else if (HttpHeader.first(headers, "Content-Type").isEmpty()) {
            headers.add(new HttpHeader("Content-Type", ResultText.mediaType(destination.format())));
        }
        switch (destination.compression()) {
            case NONE -> {}
            case GZIP -> headers.add(new HttpHeader("Content-Encoding", "gzip"));
            case ZSTD -> headers.add(new HttpHeader("Content-Encoding", "zstd"));
        }
    }

    private static HttpHeader authentication(WebhookAuthentication authentication, Rendering rendering)
            throws TemplateException {
        return switch (authentication) {
            case WebhookAuthentication.Bearer bearer ->
                new HttpHeader("Authorization", "Bearer " + rendering.fill("token", bearer.token()));
            case WebhookAuthentication.Basic basic -> {
                String username = rendering.fill("username", basic.username(), Place.HEADER);
                if (username.indexOf(':') >= 0) {
                    throw new TemplateException("the user name has a colon, which Basic authentication cannot carry");
                }
                String password = rendering.fill("password", basic.password());
                byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
                yield new HttpHeader(
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            }
            case WebhookAuthentication.ApiKey key -> new HttpHeader(key.headerName(), rendering.fill("key", key.key()));
        };
    }

    private static boolean hasBody(HttpMethod method) {
        return switch (method) {
            case GET, DELETE -> false;
            case POST, PUT, PATCH -> true;
        };
    }

    private static int bytes(HttpCall call) {
        byte[] body = call.body();
        return body == null ? 0 : body.length;
    }
}
