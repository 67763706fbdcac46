package dev.ratchet.execution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.ratchet.core.common.CacheFigures;
import dev.ratchet.core.common.CanonicalJson;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ResultCachePolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Results in this node's memory, bounded by number and by bytes. Inputs are told apart by the SHA-256 of their canonical
 * form. Only ends that the task itself came to are remembered, never those of a worker, a limit or a caller.
 */
public final class RememberedResults implements ResultCache {
    /** What one entry takes beside its documents, about. */
    private static final int OVERHEAD_BYTES = 512;

    private record Key(TenantId tenant, VersionId version, String inputDigest) {}

    private record Entry(Remembered result, Duration ttl, int weight) {}

    private final ResultCacheSettings settings;
    private final Cache<Key, Entry> entries;

    /** Remembers within the bounds of {@code settings}. */
    public RememberedResults(ResultCacheSettings settings) {
        this(settings, Ticker.systemTicker());
    }

    /**
     * @param settings the bounds
     * @param ticker tells elapsed time in nanoseconds
     */
    public RememberedResults(ResultCacheSettings settings, Ticker ticker) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.entries = Caffeine.newBuilder()
                .ticker(ticker)
                .maximumWeight(settings.maxBytes())
                .<Key, Entry>weigher((_, entry) -> entry.weight())
                .expireAfter(Expiry.<Key, Entry>writing((_, entry) -> entry.ttl()))
                .recordStats()
                // Eviction is a matter of microseconds, and no thread is to be started for it.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Optional<Remembered> find(TenantId tenant, VersionId version, JsonText input) {
        return key(tenant, version, input).map(entries::getIfPresent).map(Entry::result);
    }

    @Override
    public void remember(
            TenantId tenant, VersionId version, JsonText input, ResultCachePolicy policy, Remembered result) {
        if (!allows(policy, result.end())) {
            return;
        }
        Duration ttl = policy.ttl().compareTo(settings.maxTtl()) < 0 ? policy.ttl() : settings.maxTtl();
        key(tenant, version, input).ifPresent(key -> entries.put(key, new Entry(result, ttl, weight(result.end()))));
    }

    private boolean allows(ResultCachePolicy policy, ExecutionEnd end) {
        return switch (end.kind()) {
            case SUCCEEDED -> true;
            case TASK_FAILED, INVALID_OUTPUT -> !policy.onlySuccess() && !settings.onlySuccess();
            case INVALID_INPUT, INVALID_PACKAGE, LIMIT_EXCEEDED, WORKER_CRASHED, CANCELLED, LOST -> false;
        };
    }

    /** No less than an equal share of the room, so that the bound of bytes is one of number as well. */
    private int weight(ExecutionEnd end) {
        long share = (settings.maxBytes() + settings.maxEntries() - 1) / settings.maxEntries();
        long bytes = (long) OVERHEAD_BYTES
                + end.output().map(JsonText::sizeInBytes).orElse(0)
                + end.error().map(error -> error.toString().length()).orElse(0);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(share, bytes));
    }

    private static Optional<Key> key(TenantId tenant, VersionId version, JsonText input) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(CanonicalJson.of(input));
            return Optional.of(new Key(tenant, version, HexFormat.of().formatHex(digest)));
        } catch (IllegalArgumentException e) {
            // A number no double can hold: such an input is run every time.
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** How it is doing. */
    public CacheFigures figures() {
        CacheStats stats = entries.stats();
        long bytes = entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new CacheFigures(
                entries.estimatedSize(), bytes, stats.hitCount(), stats.missCount(), stats.evictionCount());
    }
}
