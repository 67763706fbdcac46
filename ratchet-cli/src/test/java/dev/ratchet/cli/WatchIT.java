package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
class WatchIT {
    @TempDir
    private Path directory;

    @Test
    void testWhenWatchingRunsAgainAfterEachEditEvenABrokenOne() throws Exception {
        Distribution ratchet = new Distribution(directory);
        Path task = ratchet.task("watched", "export default () => 1");
        Running running = ratchet.start("test", "--from-fs", task.toString(), "--watch");
        try {
            await(running, "1 passed");

            Files.writeString(task.resolve("main.js"), "export default () => { throw new DataError('edited'); }");
            await(running, "1 failed");
            assertThat(running.out()).contains("DataError: edited");

            Files.writeString(task.resolve("metadata.json"), "{\"name\": \"watched\", \"version\": \"1\"}");
            running.awaitErr("metadata.json#/version");

            Files.writeString(task.resolve("metadata.json"), "{\"name\": \"watched\", \"version\": \"2.0.0\"}");
            Files.writeString(task.resolve("main.js"), "export default () => 2");
            await(running, "watched 2.0.0: 1 passed");
        } finally {
            running.process().destroy();
            running.await();
        }
        ratchet.assertNothingLeft(Distribution.PATIENCE);
    }

    private static void await(Running running, String text) {
        assertThat(Distribution.holds(Distribution.PATIENCE, () -> running.out().contains(text)))
                .as("%s in %s", text, running.out() + running.err())
                .isTrue();
    }
}
