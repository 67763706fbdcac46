package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    private final AtomicLong now = new AtomicLong(0x0198_c5a2_7d1eL);
    private final InstantSource clock = () -> java.time.Instant.ofEpochMilli(now.get());
    private final UuidV7 ids = new UuidV7(clock, new SecureRandom());

    @Test
    void nextWhenAskedHasVersionVariantAndTime() {
        UUID id = ids.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(0x0198_c5a2_7d1eL);
    }

    @Test
    void nextWhenClockStandsStillOrGoesBackStaysAscending() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            made.add(ids.next().toString());
            if (i == 10_000) {
                now.addAndGet(-5_000);
            }
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void nextWhenClockMovesFollowsIt() {
        UUID first = ids.next();
        now.addAndGet(1);
        UUID second = ids.next();

        assertThat((second.getMostSignificantBits() >>> 16) - (first.getMostSignificantBits() >>> 16))
                .isEqualTo(1);
    }

    @Test
    void nextWhenAskedByManyThreadsNeverRepeats() throws Exception {
        List<Callable<List<UUID>>> makers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            makers.add(() -> {
                List<UUID> made = new ArrayList<>();
                for (int j = 0; j < 1_000; j++) {
                    made.add(ids.next());
                }
                return made;
            });
        }
        HashSet<UUID> all = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var made : threads.invokeAll(makers)) {
                all.addAll(made.get());
            }
        }

        assertThat(all).hasSize(8_000);
    }
}
