package dev.ratchet.execution.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.secret.SecretMask;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps answers to tasks' GET requests as their {@code Cache-Control} says: a private cache in the sense of RFC 9111,
 * with one room for each task of each tenant, bounded in bytes over all of them. Thread-safe.
 *
 * <pre>{@code
 * FetchHandler live = new LiveFetches(http, policy);
 * FetchHandler fetches = task.httpCache() ? cache.before(live, tenant, taskId, policy, secrets.mask()) : live;
 * }</pre>
 *
 * <p>Runs of one task share a room, and one run's credentials are none of another's business: an answer to a request with
 * {@code Authorization}, {@code Cookie} or a secret of the task in it is neither kept nor given out unless it says
 * {@code public}. An answer that came by way of a redirect is not kept.
 */
public final class HttpCache {
    private static final int MAX_VARIANTS = 16;

    private final HttpCacheSettings settings;
    private final InstantSource clock;
    private final Cache<Key, Variants> answers;
    private final LongAdder hits = new LongAdder();
    private final LongAdder revalidated = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder bypassed = new LongAdder();
    private final LongAdder stored = new LongAdder();

    /** Where answers are found; fragments are not part of the URL. */
    private record Key(TenantId tenant, TaskId task, String url) {}

    /** Answers of one URL, newest first. */
    private record Variants(List<StoredAnswer> answers) {
        int weight(Key key) {
            long bytes = 256 + 2L * key.url().length();
            for (StoredAnswer answer : answers) {
                bytes += answer.bytes();
            }
            return (int) Math.min(Integer.MAX_VALUE, bytes);
        }
    }

    /** @param clock tells the age of answers */
    public HttpCache(HttpCacheSettings settings, InstantSource clock) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.answers = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((Key key, Variants variants) -> variants.weight(key))
                .recordStats()
                .build();
    }

    /**
     * A handler for one execution that asks {@code origin} only where the cache has no answer.
     *
     * @param policy what the execution may reach; answers are given only under the permissions they were asked for with
     * @param secrets recognises the task's secrets
     * @return {@code origin} itself where the settings have no cache
     */
    public FetchHandler before(
            FetchHandler origin, TenantId tenant, TaskId task, EgressPolicy policy, SecretMask secrets) {
        return settings.enabled() ? new CachingFetches(this, origin, new Room(tenant, task), policy, secrets) : origin;
    }

    /** What the cache has done and holds. */
    public HttpCacheFigures figures() {
        answers.cleanUp();
        long bytes = answers.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new HttpCacheFigures(
                hits.sum(),
                revalidated.sum(),
                misses.sum(),
                bypassed.sum(),
                stored.sum(),
                answers.stats().evictionCount(),
                answers.estimatedSize(),
                bytes);
    }

    /** Forgets everything. */
    public void clear() {
        answers.invalidateAll();
    }

    HttpCacheSettings settings() {
        return settings;
    }

    long now() {
        return clock.millis();
    }

    void countHit() {
        hits.increment();
    }

    void countRevalidated() {
        revalidated.increment();
    }

    void countMiss() {
        misses.increment();
    }

    void countBypassed() {
        bypassed.increment();
    }

    /** The part of the cache that one task of one tenant sees. */
    final class Room {
        private final TenantId tenant;
        private final TaskId task;

        private Room(TenantId tenant, TaskId task) {
            this.tenant = Objects.requireNonNull(tenant, "tenant");
            this.task = Objects.requireNonNull(task, "task");
        }

        private Key key(HttpCall call) {
            int fragment = call.url().indexOf('#');
            return new Key(tenant, task, fragment < 0 ? call.url() : call.url().substring(0, fragment));
        }

        /** Answers to requests of this URL, newest first. */
        List<StoredAnswer> find(HttpCall call) {
            Variants found = answers.getIfPresent(key(call));
            return found == null ? List.of() : found.answers();
        }

        void keep(HttpCall call, StoredAnswer answer) {
            if (answer.bytes() > settings.maxBytes() / 4) {
                return; // would push out everything else
            }
            stored.increment();
            answers.asMap().compute(key(call), (_, before) -> {
                List<StoredAnswer> variants = new ArrayList<>();
                variants.add(answer);
                if (before != null) {
                    before.answers().stream()
                            .filter(other -> !other.isReplacedBy(answer))
                            .limit(MAX_VARIANTS - 1)
                            .forEach(variants::add);
                }
                return new Variants(List.copyOf(variants));
            });
        }

        /** Something may have changed what this URL answers (RFC 9111, section 4.4). */
        void forget(HttpCall call) {
            answers.invalidate(key(call));
        }
    }
}
