package dev.ratchet.execution.http;

import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer.Response;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.task.NetPermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the cache with what decides whom it may be given to and for how long (RFC 9111). Immutable; the body is
 * copied on the way out.
 *
 * @param response the answer; its body belongs to the cache
 * @param varying values of the request's fields that {@code Vary} names, by lower-case name; empty text for an absent one
 * @param net what the task was permitted to reach when it was asked for
 * @param grantedHosts what was granted to it then
 * @param isPublic whether it may be given to whoever asks, also to and after requests with credentials
 * @param initialAgeMillis age when it arrived
 * @param receivedAt when it arrived, in epoch milliseconds
 * @param lifetimeMillis age up to which it is fresh; 0 for one that has to be asked about every time
 */
record StoredAnswer(
        Response response,
        Map<String, String> varying,
        NetPermissions net,
        Set<String> grantedHosts,
        boolean isPublic,
        long initialAgeMillis,
        long receivedAt,
        long lifetimeMillis) {
    private static final int OVERHEAD_BYTES = 512;

    /** Cacheable without being told so (RFC 9110, section 15.1), redirects and partial content left out. */
    private static final Set<Integer> STATUSES = Set.of(200, 203, 204, 404, 405, 410, 414, 501);

    /** Fields of a 304 that describe it and not the stored answer (RFC 9111, section 3.2). */
    private static final Set<String> NOT_UPDATED =
            Set.of("content-encoding", "content-length", "content-range", "content-type", "connection", "age");

    StoredAnswer {
        varying = Map.copyOf(varying);
        grantedHosts = Set.copyOf(grantedHosts);
    }

    /** When a request was sent and its answer received, in epoch milliseconds. */
    record Times(long sent, long received) {}

    /**
     * The answer as it would be kept; empty when it must not be.
     *
     * @param personal whether the request had credentials or a secret in it
     */
    static Optional<StoredAnswer> of(
            HttpCall call,
            boolean personal,
            Response response,
            EgressPolicy policy,
            HttpCacheSettings settings,
            Times times) {
        CacheControl control = CacheControl.of(response.headers());
        boolean isPublic = control.has("public") && !control.has("private");
        Optional<Map<String, String>> varying = varying(response, call);
        if (!STATUSES.contains(response.status())
                || response.redirected()
                || control.has("no-store")
                || (personal && !isPublic)
                || varying.isEmpty()) {
            return Optional.empty();
        }
        long lifetime = control.has("no-cache") ? 0 : lifetimeMillis(response, control, settings, times);
        StoredAnswer stored = new StoredAnswer(
                response,
                varying.get(),
                policy.net(),
                policy.grantedHosts(),
                isPublic,
                initialAge(response, times),
                times.received(),
                lifetime);
        // What is stale at once and cannot be asked about is of no use.
        return lifetime > 0 || stored.hasValidator() ? Optional.of(stored) : Optional.empty();
    }

    private static Optional<Map<String, String>> varying(Response response, HttpCall call) {
        Map<String, String> varying = new TreeMap<>();
        for (HttpHeader header : response.headers()) {
            if (!header.name().equalsIgnoreCase("Vary")) {
                continue;
            }
            for (String name : header.value().split(",", -1)) {
                String key = name.strip().toLowerCase(Locale.ROOT);
                if (key.equals("*")) {
                    return Optional.empty();
                }
                if (!key.isEmpty()) {
                    varying.put(key, joined(call.headers(), key));
                }
            }
        }
        return Optional.of(varying);
    }

    /** Values of all fields of a name, as one. */
    private static String joined(List<HttpHeader> headers, String name) {
        List<String> values = new ArrayList<>();
        for (HttpHeader header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                values.add(header.value().strip());
            }
        }
        return String.join(", ", values);
    }

    /** RFC 9111, section 4.2.1; {@code s-maxage} is for shared caches. */
    private static long lifetimeMillis(
            Response response, CacheControl control, HttpCacheSettings settings, Times times) {
        long byDefault = settings.defaultTtl().toMillis();
        if (!settings.respectCacheControl()) {
            return byDefault;
        }
        OptionalLong maxAge = control.seconds("max-age");
        if (maxAge.isPresent()) {
            return maxAge.getAsLong() * 1000;
        }
        Optional<String> expires = HttpHeader.first(response.headers(), "Expires");
        if (expires.isPresent()) {
            // A date that is none, such as 0, lies in the past.
            return date(expires.get())
                    .map(end -> Math.max(0, end.toEpochMilli() - dateMillis(response, times)))
                    .orElse(0L);
        }
        // By guess (section 4.2.2): what has not changed for long will not change soon either.
        return HttpHeader.first(response.headers(), "Last-Modified")
                .flatMap(StoredAnswer::date)
                .map(changed -> Math.max(0, (dateMillis(response, times) - changed.toEpochMilli()) / 10))
                .map(guess -> Math.min(guess, byDefault))
                .orElse(byDefault);
    }

    /** RFC 9111, section 4.2.3. */
    private static long initialAge(Response response, Times times) {
        long apparent = Math.max(0, times.received() - dateMillis(response, times));
        long told = HttpHeader.first(response.headers(), "Age")
                .map(age -> CacheControl.seconds(age.strip(), 0) * 1000)
                .orElse(0L);
        return Math.max(apparent, told + Math.max(0, times.received() - times.sent()));
    }

    private static long dateMillis(Response response, Times times) {
        return HttpHeader.first(response.headers(), "Date")
                .flatMap(StoredAnswer::date)
                .map(Instant::toEpochMilli)
                .orElse(times.received());
    }

    /** One of the three forms of RFC 9110, section 5.6.7. */
    private static Optional<Instant> date(String text) {
        return Optional.ofNullable(DateUtils.parseStandardDate(text));
    }

    /** Whether this answer is for such a request at all, fresh or not. */
    boolean isFor(HttpCall call, boolean personal, EgressPolicy policy) {
        return (isPublic || !personal)
                && net.equals(policy.net())
                && grantedHosts.equals(policy.grantedHosts())
                && response.body().length <= policy.maxBodyBytes()
                && varying.entrySet().stream().allMatch(field -> joined(call.headers(), field.getKey())
                        .equals(field.getValue()));
    }

    /** Whether an answer to the same request stands in its place. */
    boolean isReplacedBy(StoredAnswer other) {
        return varying.equals(other.varying) && net.equals(other.net) && grantedHosts.equals(other.grantedHosts);
    }

    long ageMillis(long now) {
        return initialAgeMillis + Math.max(0, now - receivedAt);
    }

    /** Whether it may be given now without asking, to a request with these directives. */
    boolean isFresh(CacheControl request, boolean pragmaNoCache, long now) {
        if (request.has("no-cache") || pragmaNoCache) {
            return false;
        }
        long age = ageMillis(now);
        OptionalLong maxAge = request.seconds("max-age");
        if (maxAge.isPresent() && age > maxAge.getAsLong() * 1000) {
            return false;
        }
        long left = lifetimeMillis - age;
        long minFresh = request.seconds("min-fresh").orElse(0) * 1000;
        if (left > 0 && left >= minFresh) {
            return true;
        }
        OptionalLong maxStale = request.maxStale();
        CacheControl own = CacheControl.of(response.headers());
        return maxStale.isPresent()
                && !own.has("must-revalidate")
                && !own.has("no-cache")
                && -left <= maxStale.getAsLong() * 1000;
    }

    boolean hasValidator() {
        return etag() != null || lastModified() != null;
    }

    private @Nullable String etag() {
        return HttpHeader.first(response.headers(), "ETag").orElse(null);
    }

    private @Nullable String lastModified() {
        return HttpHeader.first(response.headers(), "Last-Modified").orElse(null);
    }

    /** The request that asks whether this answer still holds (RFC 9111, section 4.3.1). */
    HttpCall conditional(HttpCall call) {
        List<HttpHeader> headers = new ArrayList<>(call.headers());
        String etag = etag();
        String lastModified = lastModified();
        if (etag != null) {
            headers.add(new HttpHeader("If-None-Match", etag));
        }
        if (lastModified != null) {
            headers.add(new HttpHeader("If-Modified-Since", lastModified));
        }
        return new HttpCall(call.method(), call.url(), headers, call.body(), call.redirect());
    }

    /** Whether a 304 speaks of this answer (RFC 9111, section 4.3.4). */
    boolean isMeantBy(Response notModified) {
        String mine = etag();
        return HttpHeader.first(notModified.headers(), "ETag")
                .map(theirs -> mine == null || weak(theirs).equals(weak(mine)))
                .orElse(true);
    }

    private static String weak(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    /** The stored answer with the fields that a 304 brings. */
    Response freshenedBy(Response notModified) {
        List<HttpHeader> headers = new ArrayList<>();
        for (HttpHeader header : response.headers()) {
            boolean kept = NOT_UPDATED.contains(header.name().toLowerCase(Locale.ROOT))
                    ? !header.name().equalsIgnoreCase("Age")
                    : HttpHeader.first(notModified.headers(), header.name()).isEmpty();
            if (kept) {
                headers.add(header);
            }
        }
        for (HttpHeader header : notModified.headers()) {
            if (!NOT_UPDATED.contains(header.name().toLowerCase(Locale.ROOT))) {
                headers.add(header);
            }
        }
        HttpHeader.first(notModified.headers(), "Age").ifPresent(age -> headers.add(new HttpHeader("Age", age)));
        return with(headers, response.body(), response.timing());
    }

    /** The answer as the task sees it: with its age, and a note that it was kept (RFC 9211). */
    Response given(long now, String note) {
        List<HttpHeader> headers = new ArrayList<>();
        for (HttpHeader header : response.headers()) {
            if (!header.name().equalsIgnoreCase("Age")) {
                headers.add(header);
            }
        }
        headers.add(new HttpHeader(
                "Age", Long.toString(Duration.ofMillis(ageMillis(now)).toSeconds())));
        headers.add(new HttpHeader("Cache-Status", "ratchet; " + note));
        return with(headers, response.body().clone(), HttpTiming.none(now));
    }

    /** The same with a body that nobody else has. */
    StoredAnswer withOwnBody() {
        return new StoredAnswer(
                with(response.headers(), response.body().clone(), response.timing()),
                varying,
                net,
                grantedHosts,
                isPublic,
                initialAgeMillis,
                receivedAt,
                lifetimeMillis);
    }

    private Response with(List<HttpHeader> headers, byte[] body, HttpTiming timing) {
        return new Response(
                response.status(), response.statusText(), response.url(), response.redirected(), headers, body, timing);
    }

    /** Bytes it takes, about. */
    long bytes() {
        long bytes =
                OVERHEAD_BYTES + response.body().length + 2L * response.url().length();
        for (HttpHeader header : response.headers()) {
            bytes += 2L * (header.name().length() + header.value().length()) + 64;
        }
        for (Map.Entry<String, String> field : varying.entrySet()) {
            bytes += 2L * (field.getKey().length() + field.getValue().length()) + 64;
        }
        return bytes;
    }
}
