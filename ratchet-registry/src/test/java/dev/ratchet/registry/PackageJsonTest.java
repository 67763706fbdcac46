package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PackageJsonTest {
    private final PackageJson json = new PackageJson();

    static Stream<TaskPackage> packages() {
        return Stream.of(Packages.everything(), Packages.nothing());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void readWhenWrittenGivesTheSamePackage(TaskPackage task) {
        assertThat(json.read(json.write(task))).isEqualTo(task);
    }

    @Test
    void writeWhenRunUnderOtherLimitsKeepsTheDeclaredOnes() {
        TaskPackage task = Packages.everything();

        JsonText written = json.write(task.withLimits(task.limits().withWallTime(Duration.ofHours(1))));

        assertThat(json.read(written)).isEqualTo(task);
    }

    @Test
    void readWhenDefaultsChangedAppliesThemAndKeepsTheHash() {
        TaskPackage task = Packages.nothing();
        TaskLimits defaults = TaskLimits.DEFAULTS.withWallTime(Duration.ofSeconds(7));

        TaskPackage read = new PackageJson(defaults).read(json.write(task));

        assertThat(read.limits()).isEqualTo(defaults);
        assertThat(read.contentHash()).isEqualTo(task.contentHash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "export default 1;|export default 2;|changed",
                "\"version\":\"1.0.0\"|\"version\":\"1.0.0\",\"httpCache\":true|changed",
                "\"format\":1|\"format\":2|reads 1",
                "\"entry\":\"main.mjs\"|\"entry\":\"main.js\"|main.js",
                "\"other\":\"{}\"|\"other\":\" \"|/other",
                "\"tests\":{}|\"tests\":{\"tests/a.json\":1}|/tests/tests~1a.json",
                "\"tests\":{}|\"tests\":[]|/tests",
            })
    void readWhenDamagedIsRefused(String found, String replacement, String expected) {
        String written = json.write(Packages.nothing()).value();
        assertThat(written).contains(found);

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> json.read(new JsonText(written.replace(found, replacement))))
                .withMessageContaining(expected)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PACKAGE));
    }

    @Test
    void readWhenMetadataIsFaultyListsTheProblems() {
        String written = json.write(Packages.nothing()).value().replace("\"1.0.0\"", "\"one\"");

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> json.read(new JsonText(written)))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.position()).isEqualTo("/version")));
    }

    @Test
    void readWhenCutIsRefused() {
        String written = json.write(Packages.everything()).value();

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> json.read(new JsonText(written.substring(0, written.length() / 2))))
                .satisfies(e -> assertThat(e.problems()).isNotEmpty());
    }
}
