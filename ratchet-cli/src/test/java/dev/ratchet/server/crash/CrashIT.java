package dev.ratchet.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.server.crash.CrashCampaign.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills servers and checks what is left. The short form, some kills on each database, needs no settings;
 * {@code bench/run crash} asks for the long one by the properties {@code ratchet.crash.rounds}, {@code .database},
 * {@code .servers} and {@code .seed}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "kills processes")
class CrashIT {
    private static final Path HOME = Path.of("target", "dist").toAbsolutePath();

    private static final String SETTING = "ratchet.crash.";
    private static final int SHORT_ROUNDS = 6;
    private static final Duration SHORT_TIME = Duration.ofSeconds(20);
    private static final Duration LONG_TIME = Duration.ofDays(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest
    @MethodSource("plans")
    void campaignWhenServersAreKilledLosesAndInventsNothing(Plan plan) throws Exception {
        System.out.println(plan + " in " + directory);

        Invariants found = new CrashCampaign(plan, directory, System.out).run();

        found.report().forEach(System.out::println);
        assertThat(found.hold())
                .as("%s in %s%n%s", plan, directory, String.join("\n", found.report()))
                .isTrue();
    }

    static Stream<Plan> plans() {
        Integer rounds = Integer.getInteger(SETTING + "rounds");
        if (rounds == null) {
            return Stream.of(
                    new Plan(HOME, CrashDatabase.Kind.SQLITE, 1, SHORT_ROUNDS, SHORT_TIME, 20),
                    new Plan(HOME, CrashDatabase.Kind.POSTGRESQL, 2, SHORT_ROUNDS, SHORT_TIME, 21));
        }
        String database = System.getProperty(SETTING + "database", "sqlite").toUpperCase(Locale.ROOT);
        return Stream.of(new Plan(
                HOME,
                CrashDatabase.Kind.valueOf(database),
                Integer.getInteger(SETTING + "servers", 1),
                rounds,
                LONG_TIME,
                Long.getLong(SETTING + "seed", System.nanoTime() & 0xffffff)));
    }
}
