package dev.ratchet.server.observe;

import dev.ratchet.core.common.CacheFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The figures of caches, each under its name. */
public final class CacheFiguresBinder implements MeterBinder {
    private final Map<String, Supplier<CacheFigures>> caches;

    /** @param caches by their names, such as {@code results} */
    public CacheFiguresBinder(Map<String, Supplier<CacheFigures>> caches) {
        this.caches = new TreeMap<>(caches);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        caches.forEach((name, cache) -> {
            gauge(registry, name, cache, "entries", "Entries of a cache, about", CacheFigures::entries);
            gauge(registry, name, cache, "bytes", "Size of a cache by its own measure", CacheFigures::bytes);
            counter(registry, name, cache, "hits", "Found in a cache", CacheFigures::hits);
            counter(registry, name, cache, "misses", "Not found in a cache", CacheFigures::misses);
            counter(registry, name, cache, "evictions", "Given up by a cache", CacheFigures::evictions);
        });
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            Supplier<CacheFigures> cache,
            String figure,
            String description,
            ToDoubleFunction<CacheFigures> value) {
        Gauge.builder("ratchet.cache." + figure, cache, source -> value.applyAsDouble(source.get()))
                .description(description)
                .tag("cache", name)
                .strongReference(true)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            Supplier<CacheFigures> cache,
            String figure,
            String description,
            ToDoubleFunction<CacheFigures> value) {
        FunctionCounter.builder("ratchet.cache." + figure, cache, source -> value.applyAsDouble(source.get()))
                .description(description)
                .tag("cache", name)
                .register(registry);
    }
}
