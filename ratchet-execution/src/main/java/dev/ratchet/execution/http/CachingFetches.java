package dev.ratchet.execution.http;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Response;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.SecretMask;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Answers the fetches of one execution from the cache where that is right, and fills it. Thread-safe. */
final class CachingFetches implements FetchHandler {
    private static final int NOT_MODIFIED = 304;
    private static final int GATEWAY_TIMEOUT = 504;

    /** With these the task does its own caching, or wants a part. */
    private static final Set<String> OWN_CONDITIONS =
            Set.of("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie");

    private final HttpCache cache;
    private final FetchHandler origin;
    private final HttpCache.Room room;
    private final EgressPolicy policy;
    private final SecretMask secrets;

    CachingFetches(HttpCache cache, FetchHandler origin, HttpCache.Room room, EgressPolicy policy, SecretMask secrets) {
        this.cache = cache;
        this.origin = origin;
        this.room = room;
        this.policy = policy;
        this.secrets = secrets;
    }

    @Override
    public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
        CacheControl control = CacheControl.of(call.headers());
        if (!isCacheable(call) || control.has("no-store")) {
            cache.countBypassed();
            FetchReply reply = origin.fetch(fetchId, call, cancellation);
            forgetAfter(call, reply.answer());
            return reply;
        }
        boolean personal = isPersonal(call);
        Optional<StoredAnswer> found = room.find(call).stream()
                .filter(stored -> stored.isFor(call, personal, policy))
                .findFirst();
        long now = cache.now();
        if (found.isPresent() && found.get().isFresh(control, pragmaNoCache(call), now)) {
            cache.countHit();
            return FetchReply.of(found.get().given(now, "hit"));
        }
        if (control.has("only-if-cached")) {
            cache.countMiss();
            return FetchReply.of(new Response(
                    GATEWAY_TIMEOUT,
                    "Gateway Timeout",
                    call.url(),
                    false,
                    List.of(new HttpHeader("Cache-Status", "ratchet; fwd=uri-miss; detail=\"only-if-cached\"")),
                    new byte[0],
                    HttpTiming.none(now)));
        }
        return found.filter(StoredAnswer::hasValidator)
                .flatMap(stored -> revalidated(fetchId, call, personal, stored, cancellation))
                .orElseGet(() -> fetched(fetchId, call, personal, cancellation));
    }

    /** Asks whether a stored answer still holds; empty when what comes back speaks of another. */
    private Optional<FetchReply> revalidated(
            int fetchId, HttpCall call, boolean personal, StoredAnswer stored, Cancellation cancellation) {
        long sent = cache.now();
        FetchReply reply = origin.fetch(fetchId, stored.conditional(call), cancellation);
        if (!(reply.answer() instanceof Response response) || response.status() != NOT_MODIFIED) {
            return Optional.of(kept(reply, call, personal, sent));
        }
        if (response.redirected() || !stored.isMeantBy(response)) {
            return Optional.empty();
        }
        long received = cache.now();
        Response freshened = stored.freshenedBy(response);
        Optional<StoredAnswer> renewed = StoredAnswer.of(
                call, personal, freshened, policy, cache.settings(), new StoredAnswer.Times(sent, received));
        renewed.ifPresentOrElse(answer -> room.keep(call, answer), () -> room.forget(call));
        cache.countRevalidated();
        StoredAnswer answer = renewed.orElse(stored);
        return Optional.of(FetchReply.of(answer.given(received, "hit; fwd=stale; fwd-status=304")));
    }

    private FetchReply fetched(int fetchId, HttpCall call, boolean personal, Cancellation cancellation) {
        long sent = cache.now();
        return kept(origin.fetch(fetchId, call, cancellation), call, personal, sent);
    }

    private FetchReply kept(FetchReply reply, HttpCall call, boolean personal, long sent) {
        cache.countMiss();
        if (reply.answer() instanceof Response response) {
            StoredAnswer.of(
                            call,
                            personal,
                            response,
                            policy,
                            cache.settings(),
                            new StoredAnswer.Times(sent, cache.now()))
                    .map(StoredAnswer::withOwnBody)
                    .ifPresent(answer -> room.keep(call, answer));
        }
        return reply;
    }

    private void forgetAfter(HttpCall call, HttpAnswer answer) {
        if (call.isSafe()) {
            return;
        }
        switch (answer) {
            case Response response -> {
                if (response.status() < 400) {
                    room.forget(call);
                }
            }
            // It may have arrived, and changed something, all the same.
            case HttpAnswer.Failure _ -> room.forget(call);
        }
    }

    private static boolean isCacheable(HttpCall call) {
        byte[] body = call.body();
        return call.method().equals("GET")
                && (body == null || body.length == 0)
                && call.headers().stream().noneMatch(header -> OWN_CONDITIONS.contains(lower(header)));
    }

    /** Whether the request says who asks. */
    private boolean isPersonal(HttpCall call) {
        return call.headers().stream()
                        .anyMatch(header -> CREDENTIALS.contains(lower(header)) || isSecret(header.value()))
                || isSecret(call.url());
    }

    private boolean isSecret(String text) {
        return !secrets.isEmpty() && !secrets.mask(text).equals(text);
    }

    private static boolean pragmaNoCache(HttpCall call) {
        return HttpHeader.first(call.headers(), "Cache-Control").isEmpty()
                && HttpHeader.first(call.headers(), "Pragma")
                        .filter(value -> value.toLowerCase(Locale.ROOT).contains("no-cache"))
                        .isPresent();
    }

    private static String lower(HttpHeader header) {
        return header.name().toLowerCase(Locale.ROOT);
    }
}
