package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.execution.http.HostResolver;
import dev.ratchet.execution.http.HttpSettings;
import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesystemChannelTest {
    @TempDir
    private Path folder;

    private Path root;
    private OutboundHttp http;
    private DeliveryChannels channels;

    @BeforeEach
    void open() {
        root = folder.resolve("out");
        InstantSource clock = InstantSource.fixed(Deliveries.NOW);
        http = WebhookGate.open(HttpSettings.DEFAULTS, WebhookSecurity.STRICT, HostResolver.SYSTEM, clock);
        channels = DeliveryChannels.open(Deliveries.settings(root), http, new Deliveries.Lines(), clock);
    }

    @AfterEach
    void close() {
        channels.close();
        http.close();
    }

    @Test
    void deliverWhenPathIsTemplateFileHoldsResult() throws IOException {
        DeliveryAttempt attempt = deliver(
                Deliveries.file("{'path':'{{task_name}}/{{date}}/{{status}}-{{attempt}}.json','permissions':'640'}"),
                "{\"a\":1}");

        Path file = root.resolve("weather/2026-03-07/COMPLETED-2.json");
        assertThat(attempt).isInstanceOf(DeliveryAttempt.Delivered.class);
        assertThat(((DeliveryAttempt.Delivered) attempt).bytes()).isEqualTo(7);
        assertThat(attempt.info().value()).contains("weather/2026-03-07/COMPLETED-2.json");
        assertThat(file).hasContent("{\"a\":1}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(names(root.resolve("weather/2026-03-07"))).containsExactly("COMPLETED-2.json");
    }

    @Test
    void deliverWhenCompressedNameEndsWithSuffixOnce() {
        deliver(Deliveries.file("{'path':'a.json','compression':'GZIP'}"), "1");
        deliver(Deliveries.file("{'path':'b.json.zst','compression':'ZSTD'}"), "1");

        assertThat(root.resolve("a.json.gz")).exists();
        assertThat(root.resolve("b.json.zst")).exists();
    }

    @Test
    void deliverWhenAttemptIsRepeatedSucceedsWithoutWriting() throws IOException {
        OutputDestination destination = Deliveries.file("{'path':'a.json'}");
        deliver(destination, "1");
        var written = Files.getLastModifiedTime(root.resolve("a.json"));
        Object key = Files.readAttributes(root.resolve("a.json"), "fileKey").get("fileKey");

        DeliveryAttempt again = deliver(destination, "1");

        assertThat(again).isInstanceOf(DeliveryAttempt.Delivered.class);
        assertThat(again.info().value()).contains("unchanged");
        assertThat(Files.getLastModifiedTime(root.resolve("a.json"))).isEqualTo(written);
        assertThat(Files.readAttributes(root.resolve("a.json"), "fileKey").get("fileKey"))
                .isEqualTo(key);
    }

    @Test
    void deliverWhenFileExistsDependsOnOverwrite() {
        deliver(Deliveries.file("{'path':'a.json'}"), "1");

        failed(deliver(Deliveries.file("{'path':'a.json'}"), "2"), "overwrite");
        assertThat(root.resolve("a.json")).hasContent("1");

        delivered(deliver(Deliveries.file("{'path':'a.json','overwrite':true,'backupExisting':true}"), "3"));
        assertThat(root.resolve("a.json")).hasContent("3");
        assertThat(root.resolve("a.json.backup")).hasContent("1");
        assertThat(names(root)).containsExactly("a.json", "a.json.backup");
    }

    @Test
    void deliverWhenCrashedAttemptLeftTemporaryFileIsReplaced() throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve(".ratchet-" + Deliveries.ID.value() + ".tmp"), "half");

        delivered(deliver(Deliveries.file("{'path':'a.json'}"), "1"));

        assertThat(names(root)).containsExactly("a.json");
    }

    @Test
    void deliverWhenFoldersAreMissingAndNotWantedFails() {
        failed(deliver(Deliveries.file("{'path':'x/a.json','createDirs':false}"), "1"), "createDirs");
        assertThat(root.resolve("x")).doesNotExist();
    }

    @Test
    void deliverWhenFolderOrTargetIsSymbolicLinkFails() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectories(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("inner"), root.resolve("real"));
        Files.createSymbolicLink(root.resolve("target.json"), outside.resolve("target.json"));

        failed(deliver(Deliveries.file("{'path':'link/a.json'}"), "1"), "symbolic link");
        failed(deliver(Deliveries.file("{'path':'link/b/a.json'}"), "1"), "symbolic link");
        failed(deliver(Deliveries.file("{'path':'inner/a.json'}"), "1"), "symbolic link");
        failed(deliver(Deliveries.file("{'path':'target.json','overwrite':true}"), "1"), "not a file");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void deliverWhenRootIsBehindSymbolicLinkWrites() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        root = Files.createSymbolicLink(folder.resolve("linked"), real);
        DeliveryChannels linked = DeliveryChannels.open(
                Deliveries.settings(root), http, new Deliveries.Lines(), InstantSource.fixed(Deliveries.NOW));

        delivered(linked.deliver(
                Deliveries.request(Deliveries.file("{'path':'" + root + "/a.json'}"), "1"), new Cancellation()));

        assertThat(real.resolve("a.json")).hasContent("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "/",
                "//x",
                "CON",
                "d/nul.txt",
                "com1.log.txt",
                "LPT9",
                "end.",
                "end ",
                "a/",
                "d./a"
            })
    void deliverWhenPathCannotBeUsedFails(String path) {
        DeliveryAttempt attempt = deliver(Deliveries.file("{'path':'" + path + "'}"), "1");

        assertThat(attempt).isInstanceOf(DeliveryAttempt.Failed.class);
    }

    @Test
    void deliverWhenVariableIsDotsItClimbsNowhere() {
        delivered(deliver(Deliveries.file("{'path':'{{output.a}}{{output.a}}/x.json'}"), "{\"a\":\".\"}"));
        assertThat(root.resolve("__/x.json")).exists();

        failed(deliver(Deliveries.file("{'path':'.{{output.a}}/x.json'}"), "{\"a\":\"\"}"), "segment '.'");
        failed(deliver(Deliveries.file("{'path':'{{output.a}}./x.json'}"), "{\"a\":\"b\"}"), "dot");
    }

    /** Whatever a task returns, nothing appears outside the output folder, and what it holds is readable below it. */
    @Test
    void deliverWhenOutputIsHostileStaysBelowRoot() throws IOException {
        Random random = new Random(7);
        List<String> pieces = List.of("..", ".", "/", "\\", "a", "\u0000", "%2e%2e", "C:", "~", " ", "\n", "con", "");
        Path sibling = Files.writeString(folder.resolve("sibling"), "untouched");
        for (int i = 0; i < 200; i++) {
            StringBuilder hostile = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                hostile.append(pieces.get(random.nextInt(pieces.size())));
            }
            DeliveryAttempt attempt = deliver(
                    Deliveries.file("{'path':'{{output}}/{{output}}','overwrite':true}"),
                    Json.quote(hostile.toString()));
            assertThat(attempt).isInstanceOfAny(DeliveryAttempt.Delivered.class, DeliveryAttempt.Failed.class);
        }
        assertThat(names(folder)).containsExactlyInAnyOrder("out", "sibling");
        assertThat(sibling).hasContent("untouched");
        assertThat(root).isNotEmptyDirectory();
    }

    @Test
    void deliverWhenVariableIsMissingFailsAndNamesIt() {
        failed(deliver(Deliveries.file("{'path':'{{schedule_name}}.json'}"), "1"), "'schedule_name'");
        failed(deliver(Deliveries.file("{'path':'{{output.id}}.json'}"), "{}"), "'output.id'");
    }

    @Test
    void deliverWhenJobFailedErrorIsWritten() {
        delivered(channels.deliver(
                Deliveries.failed(Deliveries.file("{'path':'{{error.type}}.json'}"), "{\"type\":\"NetworkError\"}"),
                new Cancellation()));

        assertThat(root.resolve("NetworkError.json")).hasContent("{\"type\":\"NetworkError\"}");
    }

    @Test
    void deliverWhenCancelledIsRetriedLater() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        assertThat(channels.deliver(Deliveries.request(Deliveries.file("{'path':'a'}"), "1"), cancellation))
                .isInstanceOf(DeliveryAttempt.Retry.class);
        assertThat(root).doesNotExist();
    }

    @Test
    void faultWhenDiskIsFullIsRetriedAndAccessDeniedIsNot() {
        assertThat(FilesystemChannel.ofFault(new IOException("No space left on device"), Json.object()))
                .isInstanceOfSatisfying(DeliveryAttempt.Retry.class, retry -> assertThat(retry.reason())
                        .contains("No space left"));
        assertThat(FilesystemChannel.ofFault(new AccessDeniedException("/secret/place"), Json.object()))
                .isInstanceOfSatisfying(DeliveryAttempt.Failed.class, failed -> assertThat(failed.reason())
                        .doesNotContain("/secret/place"));
        assertThat(FilesystemChannel.ofFault(new FileSystemException("/x", null, "File name too long"), Json.object()))
                .isInstanceOf(DeliveryAttempt.Failed.class);
    }

    private DeliveryAttempt deliver(OutputDestination destination, String output) {
        return channels.deliver(Deliveries.request(destination, output), new Cancellation());
    }

    private static void delivered(DeliveryAttempt attempt) {
        assertThat(attempt).isInstanceOf(DeliveryAttempt.Delivered.class);
    }

    private static void failed(DeliveryAttempt attempt, String reason) {
        assertThat(attempt).isInstanceOfSatisfying(DeliveryAttempt.Failed.class, failed -> assertThat(failed.reason())
                .contains(reason));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
