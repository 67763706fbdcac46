package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessFiguresTest {
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final long NOBODY = Integer.MAX_VALUE;

    private final ProcessFigures figures = ProcessFigures.ofSystem();

    @Test
    void residentBytesWhenProcessLivesIsPlausible() {
        assertThat(figures.residentBytes(OWN_PID)).isBetween(10_000_000L, 100_000_000_000L);
    }

    @Test
    void figuresWhenProcessIsGoneAreUnknown() {
        assertThat(figures.residentBytes(NOBODY)).isEqualTo(ProcessFigures.UNKNOWN);
        assertThat(figures.processCpuNanos(NOBODY)).isEqualTo(ProcessFigures.UNKNOWN);
        assertThat(figures.threadCpuNanos(NOBODY, "main")).isEqualTo(ProcessFigures.UNKNOWN);
    }

    @Test
    void threadCpuNanosWhenThreadBurnsGrowsAndIsItsOwn() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Thread burning = Thread.ofPlatform().name("figures-12").start(() -> {
            started.countDown();
            long until = System.nanoTime() + 200_000_000L;
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            started.countDown();
            awaitQuietly(end);
        });
        Thread idle = Thread.ofPlatform().name("figures-1").start(() -> awaitQuietly(end));

        started.await();
        long burned = figures.threadCpuNanos(OWN_PID, "figures-12");
        long idled = figures.threadCpuNanos(OWN_PID, "figures-1");
        long absent = figures.threadCpuNanos(OWN_PID, "figures-123");
        end.countDown();
        burning.join();
        idle.join();

        assertThat(burned).isPositive().isGreaterThan(idled);
        assertThat(absent).isEqualTo(ProcessFigures.UNKNOWN);
        assertThat(figures.processCpuNanos(OWN_PID)).isGreaterThanOrEqualTo(burned);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
