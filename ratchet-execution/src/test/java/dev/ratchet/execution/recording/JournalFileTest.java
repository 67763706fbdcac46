package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final HttpTiming TIMING = HttpTiming.none(0);
    private static final HttpCall POST = new HttpCall(
            "POST", "https://example.com/?key=topsecret", List.of(), new byte[1], HttpCall.RedirectMode.FOLLOW);

    @TempDir
    Path directory;

    @Test
    void intentWhenItReturnsStandsInTheFileWithoutSecretsAndBeforeTheNextHearsIt() throws IOException {
        List<String> seenByNext = new ArrayList<>();
        Path claimed = RecordingFiles.claim(directory, UUID.randomUUID());
        FetchJournal next = new FetchJournal() {
            @Override
            public void intent(int fetchId, HttpCall call) {
                seenByNext.add("intent " + read(claimed).size());
            }

            @Override
            public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
                seenByNext.add("answered " + read(claimed).size());
            }
        };

        try (JournalFile journal =
                JournalFile.open(claimed, new Secrets(Map.of("KEY", "topsecret")).mask(), CLOCK, next)) {
            journal.intent(1, POST);
            journal.answered(
                    1,
                    POST,
                    new HttpAnswer.Response(201, "", "https://example.com/", false, List.of(), new byte[0], TIMING));
            journal.intent(2, POST);
            journal.answered(2, POST, new HttpAnswer.Failure(HttpAnswer.Reason.TIMEOUT, "late", null, TIMING));
        }

        assertThat(seenByNext).containsExactly("intent 1", "answered 2", "intent 3", "answered 4");
        assertThat(read(claimed))
                .containsExactly(
                        "{\"at\":\"2026-01-01T00:00:00Z\",\"fetch\":1,\"event\":\"intent\",\"method\":\"POST\","
                                + "\"url\":\"https://example.com/?key=[secret:KEY]\"}",
                        "{\"at\":\"2026-01-01T00:00:00Z\",\"fetch\":1,\"event\":\"answered\",\"status\":201}",
                        "{\"at\":\"2026-01-01T00:00:00Z\",\"fetch\":2,\"event\":\"intent\",\"method\":\"POST\","
                                + "\"url\":\"https://example.com/?key=[secret:KEY]\"}",
                        "{\"at\":\"2026-01-01T00:00:00Z\",\"fetch\":2,\"event\":\"failed\",\"reason\":\"TIMEOUT\"}");
    }

    @Test
    void intentWhenTheFileIsClosedRefusesTheRequest() {
        Path claimed = RecordingFiles.claim(directory, UUID.randomUUID());
        JournalFile journal = JournalFile.open(claimed, Secrets.NONE.mask(), CLOCK, FetchJournal.NONE);
        journal.close();

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> journal.intent(1, POST))
                .withMessageContaining("journal");
    }

    @Test
    void claimWhenTheDirectoryIsInUseTakesOneInIt() {
        UUID second = UUID.randomUUID();

        assertThat(RecordingFiles.claim(directory, UUID.randomUUID())).isEqualTo(directory);
        assertThat(RecordingFiles.claim(directory, second)).isEqualTo(directory.resolve(second.toString()));
    }

    @Test
    void claimWhenItCannotBeWrittenSaysSo() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> RecordingFiles.claim(file.resolve("below"), UUID.randomUUID()))
                .withMessageContaining("cannot write the recording");
    }

    private static List<String> read(Path claimed) {
        try {
            return Files.readAllLines(claimed.resolve(JournalFile.NAME));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
