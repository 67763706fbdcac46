package dev.ratchet.execution.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.execution.protocol.Message.Clock;
import dev.ratchet.execution.protocol.Message.Context;
import dev.ratchet.execution.protocol.Message.Ending;
import dev.ratchet.execution.protocol.Message.Fault;
import dev.ratchet.execution.protocol.Message.Field;
import dev.ratchet.execution.protocol.Message.Trace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final Trace TRACE = new Trace(
            new long[] {17_000_000_000_000L, 17_000_000_000_010L, 16_999_999_999_999L},
            new int[] {1, 300, 7},
            new byte[] {Trace.FETCH, Trace.TIMER, Trace.ABORT},
            new int[] {1, 200_000, 1},
            true);

    static Stream<Message> messages() {
        Context context = new Context("e", "t", "name", "1.0.0", null, 1);
        List<Field> headers = List.of(new Field("Content-Type", "text/plain"), new Field("X", "ü\uD83D\uDE00"));
        return Stream.of(
                new Message.Start(64),
                new Message.LoadCode("h", "main.js", true, Map.of("main.js", "code", "lib/a.js", "")),
                new Message.UnloadCode("h"),
                new Message.Execute(
                        7, "h", "{\"a\":1}", context, "seed", new Clock.Live(5), Map.of("KEY", "value"), 10, 20, true),
                new Message.Execute(8, "h", "1", context, "seed", new Clock.Virtual(-5), Map.of(), 10, 20, false),
                new Message.Inspect(9, "h"),
                new Message.FetchHead(7, 1, 200, "OK", "http://a/", true, headers, 10, 5),
                new Message.FetchFailed(7, 1, "DNS", "no such host", 0),
                new Message.Abort(7, "TimeoutError", "took too long"),
                new Message.Terminate(7),
                new Message.Ping(-1),
                new Message.Shutdown(),
                new Message.Hello(1, 4711, "token"),
                new Message.Ready("GraalJS 25", true, 1L << 40),
                new Message.FetchOpen(7, 2, "POST", "http://a/", headers, "follow", -1),
                new Message.FetchAborted(7, 2),
                new Message.Log(7, 4, 1_700_000_000_000L, "two\nlines"),
                new Message.Progress(7, 0.25, "a quarter"),
                new Message.Ended(7, new Ending.Returned("[]"), 5, 6, null),
                new Message.Ended(7, new Ending.Threw("TypeError", "m", "at main", "{}"), 5, 6, null),
                new Message.Ended(7, new Ending.Threw("Error", "m", "", null), 5, 6, null),
                new Message.Ended(7, new Ending.NoJson("cyclic"), 0, 0, null),
                new Message.Ended(7, new Ending.TooLarge(11), 0, 0, null),
                new Message.Ended(7, new Ending.HeapExhausted(1), 0, 0, null),
                new Message.Ended(7, new Ending.StackExhausted(true), 0, 0, null),
                new Message.Ended(7, new Ending.BadCode(List.of(new Fault("main.js", "1:2", "oops"))), 0, 0, null),
                new Message.Ended(7, new Ending.Stopped(), 0, 0, null),
                new Message.Inspected(9, List.of(new Fault("main.js", "", "no entry"))),
                new Message.Pong(3));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readWhenWrittenGivesTheSameMessage(Message message) throws ProtocolException {
        Message read = MessageCodec.read(encode(message));

        assertThat(read).isEqualTo(message);
    }

    @Test
    void readWhenTraceIsPresentGivesEqualArrays() throws ProtocolException {
        Message.Ended ended =
                (Message.Ended) MessageCodec.read(encode(new Message.Ended(1, new Ending.Stopped(), 0, 0, TRACE)));

        assertThat(ended.trace()).usingRecursiveComparison().isEqualTo(TRACE);
    }

    @Test
    void readWhenClockIsRecordedGivesEqualArrays() throws ProtocolException {
        Message.Execute execute = (Message.Execute) MessageCodec.read(encode(new Message.Execute(
                1,
                "h",
                "1",
                new Context("e", "t", "n", "v", "job", 2),
                "s",
                new Clock.Recorded(TRACE),
                Map.of(),
                1,
                1,
                true)));

        assertThat(execute.clock()).usingRecursiveComparison().isEqualTo(new Clock.Recorded(TRACE));
    }

    @Test
    void readWhenChunkIsTooLargeRefuses() {
        ByteBuffer frame = encode(new Message.FetchChunk(1, 1, new byte[Message.MAX_CHUNK_BYTES + 1]));

        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageCodec.read(frame));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readWhenCutShortRefuses(Message message) {
        ByteBuffer whole = encode(message);

        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer cut = whole.slice(0, length);
            assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> MessageCodec.read(cut));
        }
    }

    @Test
    void readWhenBytesAreRandomNeverThrowsAnythingElse() {
        Random random = new Random(42);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = (byte) random.nextInt(48);
            try {
                MessageCodec.read(ByteBuffer.wrap(bytes));
            } catch (ProtocolException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    private static ByteBuffer encode(Message message) {
        FrameWriter writer = new FrameWriter();
        writer.begin();
        MessageCodec.write(message, writer);
        ByteBuffer frame = writer.end();
        return frame.slice(Integer.BYTES, frame.limit() - Integer.BYTES);
    }
}
