package dev.ratchet.storage.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.ratchet.core.common.CacheFigures;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.TaskPackage;
import java.util.Optional;
import java.util.function.Supplier;

/** Content of versions in memory, bounded by the size of its stored form. Thread-safe. */
public final class TaskContents {
    /** Its own memory is several times its text, but in proportion. */
    private record Kept(TenantId tenant, TaskPackage content, int characters) {}

    private final Cache<VersionId, Kept> kept;

    TaskContents(TaskCacheSettings settings, Ticker ticker) {
        this.kept = Caffeine.newBuilder()
                .ticker(ticker)
                .maximumWeight(settings.maxBytes())
                .<VersionId, Kept>weigher((_, value) -> value.characters())
                .expireAfterWrite(settings.freshness())
                .recordStats()
                // Eviction is a matter of microseconds, and no thread is to be started for it.
                .executor(Runnable::run)
                .build();
    }

    /** What is kept of the tenant's version. */
    Optional<TaskPackage> find(TenantId tenant, VersionId version) {
        return Optional.ofNullable(kept.getIfPresent(version))
                .filter(found -> found.tenant().equals(tenant))
                .map(Kept::content);
    }

    void keep(TenantId tenant, VersionId version, TaskPackage content, int characters) {
        kept.put(version, new Kept(tenant, content, characters));
    }

    void forget(VersionId version) {
        kept.invalidate(version);
    }

    /** How it is doing. */
    public CacheFigures figures() {
        CacheStats stats = kept.stats();
        Supplier<Long> bytes = () -> kept.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new CacheFigures(
                kept.estimatedSize(), bytes.get(), stats.hitCount(), stats.missCount(), stats.evictionCount());
    }
}
