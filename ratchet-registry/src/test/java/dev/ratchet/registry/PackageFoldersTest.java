package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskPackage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackageFoldersTest {
    private final PackageFolders folders = new PackageFolders(Packages.LOADER);

    @ParameterizedTest
    @MethodSource("dev.ratchet.registry.ExamplesTest#examples")
    void packageWhenWrittenAndReadIsTheSame(Path folder) {
        TaskPackage task = Packages.loaded(Packages.LOADER.load(folder));

        assertThat(folders.read(folders.files(task))).isEqualTo(task);
        assertThat(folders.readArchive(folders.archive(task))).isEqualTo(task);
    }

    @Test
    void packageWhenFaultyIsRefusedWithItsProblems() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> folders.read(Map.of("metadata.json", "{\"name\":\"a b\"}")))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PACKAGE);
                    assertThat(refusal.problems()).hasSizeGreaterThan(1);
                });
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> folders.readArchive(new byte[] {1, 2, 3}))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PACKAGE));
    }
}
