package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.cli.Distribution.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C and the other ways to end a command: it says so, and no process and no folder stays. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses setsid and GNU env")
class SignalIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SPINS = "export default () => { console.log('started'); while (true) {} }";
    private static final String WAITS =
            "export default async () => { console.log('started'); await new Promise((r) => setTimeout(r, 60000)); }";

    @TempDir
    private Path directory;

    private Distribution ratchet;

    @BeforeEach
    void prepare() throws Exception {
        // A session of its own, as a terminal gives; and whoever runs this build may have switched Ctrl-C off.
        ratchet = new Distribution(directory).startedBy("setsid", "env", "--default-signal=INT");
    }

    @ParameterizedTest(name = "{0} to the group: {1}, a task that computes: {2}")
    @CsvSource({
        "INT, false, true, 130",
        "INT, true, true, 130",
        "INT, true, false, 130",
        "TERM, false, false, 143",
        "TERM, true, true, 143"
    })
    void runOnceWhenSignalledSaysCancelledAndLeavesNothing(String signal, boolean group, boolean busy, int exitCode)
            throws Exception {
        Path task = ratchet.task("long", busy ? SPINS : WAITS);
        Running running =
                ratchet.start("run-once", "--from-fs", task.toString()).awaitErr("started");
        assertThat(ratchet.workers()).isNotEmpty();

        running.signal(signal, group);
        Finished run = running.await();

        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("ratchet: cancelled: interrupted").doesNotContain("crashed");
        ratchet.assertNothingLeft(SOON);
    }

    @Test
    void runOnceWhenSignalledWhileItWaitsForInputEndsAtOnce() throws Exception {
        Path task = ratchet.task("long", WAITS);
        Running running = ratchet.start("run-once", "--from-fs", task.toString(), "--input-file", "-");
        // There is nothing to see while it waits; the JVM is up when it has noted the variable.
        running.awaitErr("JDK_JAVA_OPTIONS");

        long begun = System.nanoTime();
        running.signal("INT", true);
        Finished run = running.await();

        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        ratchet.assertNothingLeft(SOON);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runOnceWhenKilledHasNoWorkerSoonAfter(boolean busy) throws Exception {
        Path task = ratchet.task("long", busy ? SPINS : WAITS);
        Running running =
                ratchet.start("run-once", "--from-fs", task.toString()).awaitErr("started");
        assertThat(ratchet.workers()).isNotEmpty();

        running.signal("KILL", false);

        assertThat(running.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Distribution.holds(SOON, () -> ratchet.workers().isEmpty()))
                .as("workers: %s", ratchet.workers())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void testWhenInterruptedWhileItWatchesEndsWithNothingLeft(boolean group) throws Exception {
        Path task = ratchet.task("watched", "export default () => 1");
        Running running =
                ratchet.start("test", "--from-fs", task.toString(), "--watch").awaitErr("waiting for a change");

        running.signal("INT", group);
        Finished run = running.await();

        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.out()).contains("1 passed");
        ratchet.assertNothingLeft(SOON);
    }

    @Test
    void testWhenInterruptedWithinATestLeavesNothing() throws Exception {
        Path task = ratchet.task("spins", "export default () => { while (true) {} }");
        Running running = ratchet.start("test", "--from-fs", task.toString());
        assertThat(Distribution.holds(
                        Distribution.PATIENCE, () -> !ratchet.workers().isEmpty()))
                .isTrue();

        running.signal("INT", true);
        Finished run = running.await();

        assertThat(run.exitCode()).isEqualTo(130);
        ratchet.assertNothingLeft(SOON);
    }
}
