package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.task.TaskPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "tasks");

    static List<Path> examples() {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loadWhenExampleGivesPackageWithoutWarnings(Path folder) {
        LoadResult result = new TaskPackageLoader(new AcceptingSchemas()).load(folder);

        assertThat(result).isInstanceOfSatisfying(LoadResult.Loaded.class, loaded -> assertThat(loaded.warnings())
                .isEmpty());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void packageWhenWrittenAndReadInEveryFormIsTheSame(Path folder) throws IOException {
        TaskPackage task = Packages.loaded(Packages.LOADER.load(folder));

        assertThat(new PackageJson().read(new PackageJson().write(task))).isEqualTo(task);
        byte[] zip = new PackageArchive().zip(task);
        assertThat(Packages.loaded(Packages.LOADER.loadZip(new ByteArrayInputStream(zip), "upload")))
                .isEqualTo(task);
        assertThat(Packages.loaded(Packages.LOADER.loadParts(PackageParts.of(task), Set.of(), "body"))
                        .contentHash())
                .isEqualTo(task.contentHash());
    }

    @Test
    void loadWhenAllExamplesHaveNamesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        for (Path folder : examples()) {
            LoadResult result = new TaskPackageLoader(new AcceptingSchemas()).load(folder);
            if (result instanceof LoadResult.Loaded loaded) {
                assertThat(names.add(loaded.taskPackage().metadata().name()))
                        .as("%s", folder)
                        .isTrue();
                assertThat(names.add(loaded.taskPackage()
                                .metadata()
                                .uuid()
                                .orElseThrow()
                                .toString()))
                        .as("%s", folder)
                        .isTrue();
            }
        }

        assertThat(names).hasSizeGreaterThan(15);
    }
}
