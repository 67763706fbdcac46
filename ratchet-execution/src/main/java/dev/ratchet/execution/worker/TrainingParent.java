package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A parent inside the worker's own process, for a training run: it makes the worker load every class that a real one
 * needs, and run often what most tasks need, so that classes and profiles end up in an archive.
 */
final class TrainingParent {
    private static final String TASK = """
            function main(input, context) {
              console.log('training', input);
              console.error(new Error('expected'));
              context.progress(0.5, 'half');
              const url = new URL('https://example.invalid/a?b=c');
              const bytes = new TextEncoder().encode(url.href);
              const response = new Response(new Blob([bytes]), { headers: new Headers({ a: 'b' }) });
              const signal = AbortSignal.any([context.signal, AbortSignal.timeout(1000)]);
              return fetch(url, { method: 'POST', body: 'x', signal })
                .then(async (answer) => ({
                  text: await answer.text(),
                  copy: structuredClone({ when: new Date(), list: [...bytes] }),
                  digest: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
                  same: await response.text(),
                  random: Math.random(),
                  locale: (1234.5).toLocaleString(),
                }));
            }
            """;

    private static final String SMALL = "export default function ({a, b}) { return {sum: a + b}; }";

    private static final String INPUT = "{\"a\":1,\"b\":2,\"items\":[1,2,3]}";

    private static final String BROKEN = "function main( {";

    private static final List<String> OFTEN = List.of("small", "small", "small", "common", "small", "small", "async");

    private static final long FIRST_OFTEN = 10;

    private static final String THROWING = "export default async () => { throw new RangeError('expected') }";

    /**
     * Runs for each of the tasks that stand for most: enough for the compilers to have seen them through. A worker that
     * starts with what they noted gives two to three times the runs in its first seconds.
     */
    private static final int ROUNDS = 1_000;

    private TrainingParent() {}

    /**
     * Runs {@code worker} on one end of a connection and plays the parent on the other.
     *
     * @throws IOException when they fall out
     */
    static void train(Consumer<SocketChannel> worker) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ratchet-training");
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
            server.bind(address);
            SocketChannel child = SocketChannel.open(address);
            Thread thread = Thread.ofPlatform().daemon().start(() -> {
                // Else nobody would hang up on the parent when the worker breaks off.
                try (child) {
                    worker.accept(child);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (FrameChannel channel = new FrameChannel(server.accept())) {
                converse(channel);
            }
            thread.join();
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(directory);
        }
    }

    private static void converse(FrameChannel channel) throws IOException {
        channel.receive();
        channel.send(new Message.Start(8));
        channel.receive();
        channel.send(new Message.Ping(1));
        channel.receive();
        channel.send(new Message.LoadCode("task", "main.js", false, Map.of("main.js", TASK)));
        channel.send(new Message.LoadCode("broken", "main.js", false, Map.of("main.js", BROKEN)));
        channel.send(new Message.LoadCode("throwing", "main.mjs", false, Map.of("main.mjs", THROWING)));
        channel.send(execute(1, "task"));
        answer(channel);
        channel.send(execute(2, "broken"));
        answer(channel);
        channel.send(execute(4, "throwing"));
        answer(channel);
        channel.send(new Message.Inspect(3, "task"));
        answer(channel);
        channel.send(new Message.LoadCode("small", "main.mjs", false, Map.of("main.mjs", SMALL)));
        channel.send(new Message.LoadCode("common", "main.js", false, Map.of("main.js", WarmUp.COMMON)));
        channel.send(new Message.LoadCode("async", "main.mjs", false, Map.of("main.mjs", WarmUp.ASYNC)));
        long run = FIRST_OFTEN;
        for (int round = 0; round < ROUNDS; round++) {
            for (String hash : OFTEN) {
                channel.send(execute(run++, hash));
                answer(channel, true);
            }
        }
        channel.send(new Message.UnloadCode("task"));
        channel.send(new Message.Shutdown());
    }

    private static Message.Execute execute(long runId, String hash) {
        return new Message.Execute(
                runId,
                hash,
                INPUT,
                new Message.Context("execution", "task", "training", "1.0.0", null, 1),
                "training",
                new Message.Clock.Live(0),
                Map.of("NAME", "value"),
                1 << 20,
                1 << 20,
                true);
    }

    private static void answer(FrameChannel channel) throws IOException {
        answer(channel, false);
    }

    /** Plays along until the run has ended; a run that was to succeed and did not would train the wrong things. */
    private static void answer(FrameChannel channel, boolean toSucceed) throws IOException {
        while (true) {
            switch (channel.receive()) {
                case Message.FetchOpen open -> {
                    List<Message.Field> headers = List.of(new Message.Field("content-type", "text/plain"));
                    channel.send(new Message.FetchHead(
                            open.runId(), open.fetchId(), 200, "OK", open.url(), false, headers, 2, 0));
                    channel.send(new Message.FetchChunk(open.runId(), open.fetchId(), new byte[] {'{', '}'}));
                }
                case Message.Ended ended -> {
                    if (toSucceed && !(ended.ending() instanceof Message.Ending.Returned)) {
                        throw new IOException("a run of the training ended with " + ended.ending());
                    }
                    return;
                }
                case Message.Inspected _ -> {
                    return;
                }
                case null -> throw new IOException("the worker hung up during training");
                default -> {}
            }
        }
    }
}
