package dev.ratchet.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final ServerFile FILE =
            new ServerFile("http://127.0.0.1:8080", 42, Instant.parse("2026-01-02T03:04:05Z"), "1.2.3");

    @TempDir
    private Path parent;

    @Test
    void holdWhenHeldNamesTheOwner() {
        Path directory = parent.resolve("a").resolve("data");

        try (DataDirectory held = DataDirectory.hold(directory, 4711)) {
            assertThat(held.path()).isDirectory();
            assertThatThrownBy(() -> DataDirectory.hold(directory, 1))
                    .isInstanceOfSatisfying(
                            RatchetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
                    .hasMessageContaining("in use by another server (process 4711)")
                    .hasMessageContaining("--data-dir");
        }

        DataDirectory.hold(directory, 1).close();
    }

    @Test
    void holdWhenAServerWasKilledRemovesItsAnnouncement() {
        try (DataDirectory first = DataDirectory.hold(parent, 42)) {
            first.announce(FILE);
        }
        assertThat(ServerFile.read(parent)).contains(FILE);

        try (DataDirectory second = DataDirectory.hold(parent, 43)) {
            assertThat(ServerFile.read(second.path())).isEmpty();
        }
    }

    @Test
    void holdWhenItIsAFileSaysWhatIsAccepted() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "");

        assertThatThrownBy(() -> DataDirectory.hold(file, 1))
                .isInstanceOf(RatchetException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("folder this user can write to");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
    void announceWhenDoneIsForTheOwnerOnlyAndLeavesNoDraft() throws Exception {
        try (DataDirectory data = DataDirectory.hold(parent, 42)) {
            data.announce(FILE);

            assertThat(Files.getPosixFilePermissions(parent.resolve(ServerFile.NAME)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            try (var files = Files.list(parent)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("server.json", "server.lock");
            }

            data.withdraw();
            assertThat(ServerFile.read(parent)).isEmpty();
        }
    }

    @Test
    void readWhenItIsSomethingElseSaysSo() throws Exception {
        Files.writeString(parent.resolve(ServerFile.NAME), "{\"url\": 1}");

        assertThatThrownBy(() -> ServerFile.read(parent))
                .isInstanceOf(RatchetException.class)
                .hasMessageContaining("not what a server writes");
    }
}
