package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ratchet.core.task.TaskPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackageArchiveTest {
    private final PackageArchive archive = new PackageArchive();

    static Stream<TaskPackage> packages() {
        return Stream.of(Packages.everything(), Packages.nothing());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void zipWhenLoadedGivesTheSamePackage(TaskPackage task) throws IOException {
        byte[] zip = archive.zip(task);

        LoadResult read = Packages.LOADER.loadZip(new ByteArrayInputStream(zip), "upload");

        assertThat(Packages.loaded(read)).isEqualTo(task);
    }

    @Test
    void zipWhenMadeAgainFromItsOwnContentIsTheSame() throws IOException {
        byte[] zip = archive.zip(Packages.everything());

        TaskPackage read = Packages.loaded(Packages.LOADER.loadZip(new ByteArrayInputStream(zip), "upload"));

        assertThat(archive.zip(read)).isEqualTo(zip);
    }

    @Test
    void filesWhenEntryHasItsUsualNameDoNotNameIt() {
        assertThat(archive.files(Packages.nothing()).get("metadata.json")).doesNotContain("entrypoint");
        assertThat(archive.files(Packages.everything()).get("metadata.json")).contains("\"lib/start.js\"");
    }

    @Test
    void loadZipWhenStreamIsNoArchiveIsRejectedByItsDisplayName() throws IOException {
        assertThat(Packages.rejected(Packages.LOADER.loadZip(new ByteArrayInputStream(new byte[100]), "upload.zip")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.source()).isEqualTo("upload.zip");
                    assertThat(problem.message()).contains("not a ZIP archive");
                });
    }

    @Test
    void loadZipWhenStreamNeverEndsStopsReading() throws IOException {
        long[] given = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                given[0]++;
                return 0;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                given[0] += length;
                return length;
            }
        };

        assertThat(Packages.rejected(Packages.LOADER.loadZip(endless, "upload.zip")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("larger than"));
        assertThat(given[0]).isEqualTo(PackageBounds.MAX_ARCHIVE_BYTES + 1);
    }

    @Test
    void loadZipWhenStreamBreaksSaysSo() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };

        assertThatIOException()
                .isThrownBy(() -> Packages.LOADER.loadZip(broken, "upload.zip"))
                .withMessage("connection reset");
    }

    @Test
    void loadWhenUploadedPathLeavesThePackageIsRejected() {
        Map<String, String> files =
                Map.of("metadata.json", "{\"name\":\"demo\",\"version\":\"1.0.0\"}", "main.js", "1", "../evil.js", "1");

        assertThat(Packages.rejected(Packages.LOADER.load(Packages.contents(files), "upload")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.source()).isEqualTo("../evil.js"));
    }
}
