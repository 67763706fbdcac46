package dev.ratchet.execution.recording;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.secret.SecretMask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * The journal of one run's fetches on disk, one JSON object a line: the intent before a request leaves, its end before the
 * task sees it. What concerns a request that is not safe (RFC 9110, section 9.2.1) is on the disk when the method returns,
 * so that after a crash every such request without an {@code answered} line may or may not have had its effect, and no
 * other has. Thread-safe.
 *
 * <pre>{@code
 * {"at": "2026-01-01T00:00:00Z", "fetch": 1, "event": "intent", "method": "POST", "url": "https://example.com/"}
 * {"at": "2026-01-01T00:00:01Z", "fetch": 1, "event": "answered", "status": 201}
 * {"at": "2026-01-01T00:00:02Z", "fetch": 2, "event": "failed", "reason": "TIMEOUT"}
 * }</pre>
 */
public final class JournalFile implements FetchJournal, AutoCloseable {
    /** Name of the file in a recording's directory. */
    public static final String NAME = "journal.jsonl";

    private final FileChannel file;
    private final SecretMask mask;
    private final InstantSource clock;
    private final FetchJournal next;

    private JournalFile(FileChannel file, SecretMask mask, InstantSource clock, FetchJournal next) {
        this.file = file;
        this.mask = mask;
        this.clock = clock;
        this.next = next;
    }

    /**
     * Opens the journal in a directory taken by {@link RecordingFiles#claim}.
     *
     * @param mask for the URLs
     * @param next hears everything after it has been written
     * @throws RatchetException with {@link ErrorCode#IO_ERROR} when it cannot be opened
     */
    public static JournalFile open(Path claimed, SecretMask mask, InstantSource clock, FetchJournal next) {
        try {
            FileChannel file =
                    FileChannel.open(claimed.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new JournalFile(file, mask, clock, next);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the journal of fetches: " + e.getMessage(), e);
        }
    }

    @Override
    public void intent(int fetchId, HttpCall call) {
        append(entry(fetchId, "intent").put("method", call.method()).put("url", mask.mask(call.url())), !call.isSafe());
        next.intent(fetchId, call);
    }

    @Override
    public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
        ObjectNode entry =
                switch (answer) {
                    case HttpAnswer.Response response ->
                        entry(fetchId, "answered").put("status", response.status());
                    case HttpAnswer.Failure failure ->
                        entry(fetchId, "failed").put("reason", failure.reason().name());
                };
        append(entry, !call.isSafe());
        next.answered(fetchId, call, answer);
    }

    private ObjectNode entry(int fetchId, String event) {
        return Json.object()
                .put("at", clock.instant().toString())
                .put("fetch", fetchId)
                .put("event", event);
    }

    private synchronized void append(ObjectNode entry, boolean durable) {
        ByteBuffer line = ByteBuffer.wrap((Json.write(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                file.write(line);
            }
            if (durable) {
                file.force(false);
            }
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the journal of fetches: " + e.getMessage(), e);
        }
    }

    /** Closes the file; a later entry is refused, which stops its request. */
    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot close the journal of fetches: " + e.getMessage(), e);
        }
    }
}
