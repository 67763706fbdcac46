package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PrivateDirectoryIT {
    @TempDir
    private Path outside;

    private record Holder(Process process, Path folder) implements AutoCloseable {
        static Holder start() throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FolderHolder.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            return new Holder(process, Path.of(out.readLine()));
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void makeWhenAProcessWasKilledRemovesWhatItLeftAndNothingElse() throws Exception {
        Path precious = Files.writeString(outside.resolve("precious"), "x");
        try (Holder dead = Holder.start();
                Holder alive = Holder.start();
                PrivateDirectory own = PrivateDirectory.make()) {
            Files.writeString(dead.folder().resolve("7.sock"), "");
            Files.writeString(
                    Files.createDirectory(dead.folder().resolve("deep")).resolve("file"), "");
            Files.createSymbolicLink(dead.folder().resolve("link"), outside);
            dead.kill();

            PrivateDirectory.make().close();

            assertThat(dead.folder()).doesNotExist();
            assertThat(alive.folder()).exists();
            assertThat(own.path()).exists();
            assertThat(precious).exists();
            alive.kill();
        }
        PrivateDirectory.make().close();
    }

    @Test
    void closeRemovesItsOwn() {
        PrivateDirectory made = PrivateDirectory.make();
        assertThat(made.path()).exists();

        made.close();

        assertThat(made.path()).doesNotExist();
    }
}
