package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.TaskRunner.Running;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory that no heap limit sees: the parent looks at the process, and kills it. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory of other processes is read from /proc")
class ResidentMemoryIT {
    private static final long MIB = 1024 * 1024;
    private static final long LIMIT_MIB = 16;
    private static final long MARGIN_MIB = 32;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final WorkerPoolSettings SETTINGS = WorkerPoolSettings.forCommand(1)
            .withMemory(new WorkerPoolSettings.Memory(
                    16 * MIB, 32 * MIB, MARGIN_MIB * MIB, MARGIN_MIB * MIB, LIMIT_MIB * MIB));

    private final WorkerPool pool = new WorkerPool(
            SETTINGS,
            WorkerClasspath.ofMainClass(
                    List.of(System.getProperty("java.class.path").split(File.pathSeparator)),
                    HungryProcess.class.getName(),
                    Path.of(System.getProperty("java.home"))),
            InstantSource.system());

    @AfterEach
    void close() {
        pool.close();
    }

    private static ExecutionResult result(Running running) throws Exception {
        return running.result().get(100, TimeUnit.SECONDS);
    }

    private Running start(String input) {
        return pool.start(request().input(input).memory(LIMIT_MIB).build());
    }

    @Test
    void processWhenItGrowsOutsideItsHeapIsKilledAndReplaced() throws Exception {
        pool.prepare(LIMIT_MIB * MIB);
        assertThat(pool.awaitReady(1, LONG)).isTrue();
        long pid = pool.workers().getFirst().pid();

        ExecutionResult grown = result(start(HungryProcess.GROW));

        assertThat(grown.outcome()).isInstanceOf(LimitExceeded.class);
        LimitExceeded exceeded = (LimitExceeded) grown.outcome();
        assertThat(exceeded.limit()).isEqualTo(LimitKind.MEMORY);
        assertThat(exceeded.allowed()).isEqualTo(LIMIT_MIB * MIB);
        assertThat(exceeded.used()).isGreaterThan((LIMIT_MIB + MARGIN_MIB) * MIB);
        assertThat(grown.attempts()).isEqualTo(1);
        assertThat(ProcessHandle.of(pid)).isEmpty();

        assertThat(result(start("2")).outcome()).isEqualTo(new Succeeded(new JsonText("2")));
        assertThat(pool.workers()).singleElement().satisfies(worker -> assertThat(worker.pid())
                .isNotEqualTo(pid));
    }

    @Test
    void processWhenItStaysSmallIsLeftAlone() throws Exception {
        pool.prepare(LIMIT_MIB * MIB);
        assertThat(pool.awaitReady(1, LONG)).isTrue();
        long pid = pool.workers().getFirst().pid();

        for (int i = 0; i < 100; i++) {
            assertThat(result(start(Integer.toString(i))).outcome())
                    .isEqualTo(new Succeeded(new JsonText(Integer.toString(i))));
        }

        assertThat(pool.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.pid()).isEqualTo(pid);
            assertThat(worker.runs()).isEqualTo(100);
        });
    }
}
