package dev.ratchet.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.health.HealthStatus;
import dev.ratchet.core.health.HealthStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceCheckTest {
    private static final Path DATA = Path.of("data");
    private static final Path DATABASE = Path.of("database");

    @Test
    void checkWhenOneFolderHasLittleRoomTellsOfThat() {
        assertThat(state(DiskSpaceCheck.SCARCE_BYTES)).isEqualTo(State.HEALTHY);
        assertThat(state(DiskSpaceCheck.SCARCE_BYTES - 1)).isEqualTo(State.DEGRADED);
        assertThat(state(DiskSpaceCheck.EXHAUSTED_BYTES)).isEqualTo(State.DEGRADED);
        assertThat(state(DiskSpaceCheck.EXHAUSTED_BYTES - 1)).isEqualTo(State.UNHEALTHY);
    }

    private static State state(long databaseBytes) {
        return new DiskSpaceCheck(
                        List.of(DATA, DATABASE), folder -> folder.equals(DATABASE) ? databaseBytes : Long.MAX_VALUE)
                .check()
                .state();
    }

    @Test
    void checkWhenAFolderCannotBeReadIsUnhealthy() {
        HealthStatus status = new DiskSpaceCheck(List.of(DATA), folder -> {
                    throw new IOException(folder + " is gone");
                })
                .check();

        assertThat(status.state()).isEqualTo(State.UNHEALTHY);
        assertThat(status.message()).doesNotContain("data");
    }

    @Test
    void checkWhenAFolderIsNotMadeYetLooksAtItsParent(@TempDir Path parent) {
        HealthStatus status = new DiskSpaceCheck(List.of(parent.resolve("a").resolve("b"))).check();

        assertThat(status.message()).contains("MiB are free");
    }

    @Test
    void queueWhenNearlyFullIsDegraded() {
        assertThat(new QueueCheck(() -> 89, () -> 2, 100).check())
                .isEqualTo(HealthStatus.healthy("89 of 100 jobs wait, 2 run here"));
        assertThat(new QueueCheck(() -> 90, () -> 2, 100).check().state()).isEqualTo(State.DEGRADED);
    }
}
