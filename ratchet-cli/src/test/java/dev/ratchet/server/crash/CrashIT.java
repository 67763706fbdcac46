package dev.ratchet.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form: a few kills on each database; {@code bench/run crash} is the long one. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "kills processes")
class CrashIT {
    private static final Path HOME = Path.of("target", "dist").toAbsolutePath();
    private static final int ROUNDS = 6;
    private static final Duration TIME = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void campaignWhenServersAreKilledLosesAndInventsNothing(CrashDatabase.Kind database) throws Exception {
        CrashCampaign.Plan plan = new CrashCampaign.Plan(HOME, database, 1, ROUNDS, TIME, database.ordinal() + 20L);

        Invariants found = new CrashCampaign(plan, directory, System.out).run();

        assertThat(found.hold()).as(String.join("\n", found.report())).isTrue();
    }
}
