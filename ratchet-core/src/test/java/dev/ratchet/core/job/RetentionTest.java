package dev.ratchet.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final TaskId TASK = new TaskId(new UUID(1, 2));
    private static final UUID DOCUMENT = new UUID(3, 4);
    private static final JobId COUNTED = new JobId(new UUID(5, 6));
    private static final JobId WEIGHED = new JobId(new UUID(7, 8));

    /** Has so many of each thing, and gives them in batches of two. */
    private static final class FakeStore implements RetentionStore {
        private final List<String> calls = new ArrayList<>();
        private final Map<String, Integer> left = new HashMap<>();
        private final Map<TaskId, Long> growth = new HashMap<>();
        private final CountDownLatch called = new CountDownLatch(1);
        private boolean failing;

        private int take(String what, int most) {
            called.countDown();
            if (failing) {
                throw new IllegalStateException("no database");
            }
            calls.add(what);
            int taken = Math.min(Math.min(2, most), left.getOrDefault(what, 0));
            left.merge(what, -taken, Integer::sum);
            return taken;
        }

        @Override
        public List<TenantId> tenants() {
            return List.of(TenantId.DEFAULT);
        }

        @Override
        public List<TaskId> tasks(TenantId tenant) {
            return List.of(TASK);
        }

        @Override
        public int removeEndedBefore(TenantId tenant, Instant end, int most) {
            assertThat(end).isEqualTo(NOW.minus(Duration.ofDays(30)));
            return take("age", most);
        }

        @Override
        public Optional<JobId> newestBeyondCount(TenantId tenant, TaskId task, long kept) {
            assertThat(kept).isEqualTo(100_000);
            return left.containsKey("count") ? Optional.of(COUNTED) : Optional.empty();
        }

        @Override
        public Optional<JobId> newestBeyondBytes(TenantId tenant, TaskId task, long kept) {
            calls.add("weighed");
            return left.containsKey("bytes") ? Optional.of(WEIGHED) : Optional.empty();
        }

        @Override
        public int removeUpTo(TenantId tenant, TaskId task, JobId newest, int most) {
            return take(newest.equals(COUNTED) ? "count" : "bytes", most);
        }

        @Override
        public Map<TaskId, Long> bytesOfEnded(TenantId tenant, Instant after, Instant until) {
            return growth;
        }

        @Override
        public int removeExpiredKeys(Instant now, int most) {
            return take("keys", most);
        }

        @Override
        public Sweep removeForgottenDocuments(Optional<UUID> after, Instant before) {
            calls.add("documents " + after.isPresent());
            return new Sweep(1, after.isPresent() ? Optional.empty() : Optional.of(DOCUMENT));
        }
    }

    private final FakeStore store = new FakeStore();

    @Test
    void runOnceRepeatsEachRuleUntilNothingIsLeft() {
        store.left.putAll(Map.of("age", 3, "count", 2, "bytes", 1, "keys", 1));
        Retention retention = retention(OptionalLong.of(1));

        assertThat(retention.runOnce()).isEqualTo(new Retention.Round(6, 1, 1));

        assertThat(store.calls)
                .containsExactly(
                        "age",
                        "age",
                        "age",
                        "count",
                        "count",
                        "weighed",
                        "bytes",
                        "bytes",
                        "keys",
                        "keys",
                        "documents false");
    }

    @Test
    void runOnceGoesThroughTheDocumentsFromRoundToRound() {
        Retention retention = retention(OptionalLong.empty());
        retention.runOnce();
        retention.runOnce();
        retention.runOnce();

        assertThat(store.calls.stream().filter(call -> call.startsWith("documents")))
                .containsExactly("documents false", "documents true", "documents false");
    }

    @Test
    void runOnceAddsUpBytesOnlyWhenTheyHaveGrown() {
        Retention retention = retention(OptionalLong.of(1_600));
        retention.runOnce();
        assertThat(store.calls).contains("weighed");
        store.calls.clear();

        store.growth.put(TASK, 60L);
        retention.runOnce();
        assertThat(store.calls).doesNotContain("weighed");
        retention.runOnce();
        assertThat(store.calls).contains("weighed");
        store.calls.clear();
        retention.runOnce();
        assertThat(store.calls).doesNotContain("weighed");
    }

    @Test
    void closeEndsTheThread() throws Exception {
        try (Retention retention = retention(OptionalLong.empty())) {
            retention.start();
            assertThat(store.called.await(20, TimeUnit.SECONDS)).isTrue();
        }
        int calls = store.calls.size();

        assertThat(store.calls).hasSize(calls);
    }

    @Test
    void startWhenTheStoreFailsGoesOn() throws Exception {
        store.failing = true;
        try (Retention retention = retention(OptionalLong.empty())) {
            retention.start();
            assertThat(store.called.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(store.calls).isEmpty();
    }

    private Retention retention(OptionalLong maxBytes) {
        RetentionRules rules = new RetentionRules(Duration.ofDays(30), 100_000, maxBytes, Duration.ofMillis(5));
        return new Retention(store, rules, InstantSource.fixed(NOW));
    }
}
