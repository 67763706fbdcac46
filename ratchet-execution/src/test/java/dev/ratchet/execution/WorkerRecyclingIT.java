package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.execution.WorkerPoolSettings.Health;
import dev.ratchet.execution.WorkerPoolSettings.Recycling;
import dev.ratchet.execution.WorkerPoolSettings.Sizing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How long real workers live, and what is told of them meanwhile. */
@Timeout(120)
class WorkerRecyclingIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long LIMIT_BYTES = 64L << 20;
    private static final WorkerClasspath CLASSPATH = WorkerClasspath.ofClassPath(
            System.getProperty("java.class.path"), Path.of(System.getProperty("java.home")));
    private static final WorkerPoolSettings SETTINGS = WorkerPoolSettings.forCommand(1);
    private static final Recycling AFTER_A_SECOND = new Recycling(1000, Duration.ofSeconds(1), Duration.ofMinutes(10));

    private final List<WorkerPool> pools = new ArrayList<>();

    @AfterEach
    void close() {
        pools.forEach(WorkerPool::close);
    }

    private WorkerPool open(WorkerPoolSettings settings) {
        WorkerPool pool = new WorkerPool(settings, CLASSPATH, InstantSource.system());
        pools.add(pool);
        return pool;
    }

    private static void assertReturns(WorkerPool pool, String source, String json) throws Exception {
        assertThat(pool.start(request(source).build())
                        .result()
                        .get(100, TimeUnit.SECONDS)
                        .outcome())
                .isEqualTo(new Succeeded(new JsonText(json)));
    }

    /** Waits until that worker is no longer among those of the pool, and looks whether its process is. */
    private static void assertGone(WorkerPool pool, WorkerInfo worker) {
        assertThat(pool.await(all -> all.stream().noneMatch(other -> other.id() == worker.id()), LONG))
                .isTrue();
        assertThat(ProcessHandle.of(worker.pid())).isEmpty();
    }

    @Test
    void workerWhenARunOutlivesItsTimeFinishesItAndIsReplaced() throws Exception {
        WorkerPool pool = open(SETTINGS.withRecycling(AFTER_A_SECOND));
        pool.prepare(LIMIT_BYTES);
        assertThat(pool.awaitReady(1, LONG)).isTrue();

        WorkerInfo first = pool.workers().getFirst();
        assertReturns(pool, "() => new Promise(done => setTimeout(() => done(1), 1100))", "1");

        assertGone(pool, first);
        assertReturns(pool, "() => 2", "2");
    }

    @Test
    void workerWhenItsTimeIsUpWhileItIdlesIsReplaced() throws Exception {
        WorkerPool pool = open(SETTINGS.withSizing(new Sizing(1, 1, 0, 1, 10))
                .withHealth(new Health(LONG, Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMillis(20)))
                .withRecycling(AFTER_A_SECOND));
        assertThat(pool.awaitReady(1, LONG)).isTrue();

        WorkerInfo first = pool.workers().getFirst();
        assertGone(pool, first);

        assertThat(pool.awaitReady(1, LONG)).isTrue();
        assertThat(pool.workers()).allSatisfy(worker -> assertThat(worker.id()).isGreaterThan(first.id()));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "figures of other processes are read from /proc")
    void figuresWhenAWorkerHasBeenBusyAreThere() throws Exception {
        WorkerPool pool = open(SETTINGS);

        assertReturns(pool, "() => { const end = Date.now() + 300; while (Date.now() < end) {} return 1 }", "1");
        assertReturns(pool, "() => 2", "2");

        assertThat(pool.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.runs()).isEqualTo(2);
            assertThat(worker.cpuTime()).isPositive();
            assertThat(worker.cpuFraction()).isPositive();
            assertThat(worker.lastHeardAt()).isBetween(worker.startedAt(), Instant.now());
            assertThat(worker.residentBytes()).isBetween(20_000_000L, 2_000_000_000L);
            assertThat(worker.liveHeapBytes()).isPositive();
            assertThat(worker.state()).isEqualTo(WorkerInfo.State.READY);
            assertThat(worker.executions()).isEmpty();
        });
    }
}
