package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Ending;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A worker as a process of its own, over a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WorkerMainIT {
    private WorkerProcess worker;
    private long runId;

    @BeforeAll
    void startWorker() throws Exception {
        worker = new WorkerProcess();
    }

    @AfterAll
    void stopWorker() throws Exception {
        worker.close();
    }

    @Test
    void handshakeWhenStartedSaysWhoItIs() {
        assertThat(worker.hello())
                .isEqualTo(new Message.Hello(
                        Message.PROTOCOL_VERSION, worker.process().pid(), WorkerProcess.TOKEN));
        assertThat(worker.ready().engine()).contains("GraalJS");
        assertThat(worker.ready().liveHeapBytes()).isBetween(1L << 20, 64L << 20);
    }

    @Test
    void standardInputWhenItEndsEndsTheWorkerWhateverTheSocketDoes() throws Exception {
        try (WorkerProcess other = new WorkerProcess()) {
            assertThat(other.process().isAlive()).isTrue();

            other.process().getOutputStream().close();

            assertThat(other.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void executeWhenCodeIsLoadedReturnsItsResult() throws Exception {
        assertThat(worker.run(++runId, "(input, c) => [input, c.executionId]"))
                .isEqualTo(new Ending.Returned("[{},\"execution-" + runId + "\"]"));
    }

    @Test
    void executeWhenTheTaskLogsSendsLinesBeforeTheEnd() throws Exception {
        worker.load("log", "(i, c) => { console.warn('careful'); c.progress(0.25, 'quarter') }");
        worker.execute(++runId, "log", "{}");

        Message.Log log = worker.receive(Message.Log.class);
        Message.Progress progress = worker.receive(Message.Progress.class);
        Message.Ended ended = worker.receive(Message.Ended.class);

        assertThat(log).isEqualTo(new Message.Log(runId, 3, log.epochMillis(), "careful"));
        assertThat(progress).isEqualTo(new Message.Progress(runId, 0.25, "quarter"));
        assertThat(ended.ending()).isEqualTo(new Ending.Returned("null"));
        assertThat(ended.guestCpuNanos()).isPositive();
    }

    @Test
    void executeWhenTheTaskFetchesExchangesBodiesInChunks() throws Exception {
        worker.load(
                "fetch",
                "async () => { const r = await fetch('https://example.org/a', { method: 'POST', body: 'x'.repeat(150000),"
                        + " headers: { 'x-a': 'b' } }); const text = await r.text();"
                        + " return [r.status, r.headers.get('x-c'), text.length, text[0], text.at(-1)] }");
        worker.execute(++runId, "fetch", "{}");

        Message.FetchOpen open = worker.receive(Message.FetchOpen.class);
        int received = 0;
        while (received < open.bodyBytes()) {
            received += worker.receive(Message.FetchChunk.class).bytes().length;
        }
        byte[] body = new byte[200_000];
        Arrays.fill(body, (byte) 'a');
        body[body.length - 1] = 'z';
        worker.send(new Message.FetchHead(
                runId, 1, 201, "Created", open.url(), false, List.of(new Message.Field("x-c", "d")), body.length, 0));
        for (int at = 0; at < body.length; at += Message.MAX_CHUNK_BYTES) {
            worker.send(new Message.FetchChunk(
                    runId, 1, Arrays.copyOfRange(body, at, Math.min(body.length, at + Message.MAX_CHUNK_BYTES))));
        }

        assertThat(open.method()).isEqualTo("POST");
        assertThat(open.fetchId()).isEqualTo(1);
        assertThat(open.headers()).contains(new Message.Field("x-a", "b"));
        assertThat(received).isEqualTo(150_000);
        assertThat(worker.receive(Message.Ended.class).ending())
                .isEqualTo(new Ending.Returned("[201,\"d\",200000,\"a\",\"z\"]"));
    }

    @Test
    void executeWhenAFetchFailsTheTaskSeesTheReason() throws Exception {
        worker.load("failing", "() => fetch('https://example.org/').catch((e) => [e.name, e.message])");
        worker.execute(++runId, "failing", "{}");
        worker.receive(Message.FetchOpen.class);
        worker.send(new Message.FetchFailed(runId, 1, "REFUSED", "example.org: connection refused", 0));

        Ending ending = worker.receive(Message.Ended.class).ending();

        assertThat(ending).isInstanceOf(Ending.Returned.class);
        assertThat(((Ending.Returned) ending).output()).contains("TypeError", "connection refused");
    }

    @Test
    void abortWhenTheTaskWaitsFiresItsSignal() throws Exception {
        worker.load(
                "abort",
                "(i, { signal }) => new Promise((resolve) => { console.log('waiting');"
                        + " signal.addEventListener('abort', () => resolve(signal.reason.message)); setTimeout(() => {}, 60000) })");
        worker.execute(++runId, "abort", "{}");
        worker.receive(Message.Log.class);
        worker.send(new Message.Abort(runId, "AbortError", "cancelled by a test"));

        assertThat(worker.receive(Message.Ended.class).ending())
                .isEqualTo(new Ending.Returned("\"cancelled by a test\""));
    }

    @Test
    void terminateWhenTheTaskLoopsStopsItAndThePingIsAnsweredMeanwhile() throws Exception {
        worker.load("loop", "() => { console.log('looping'); while (true) {} }");
        worker.execute(++runId, "loop", "{}");
        worker.receive(Message.Log.class);
        worker.send(new Message.Ping(77));

        assertThat(worker.receive(Message.Pong.class).number()).isEqualTo(77);
        worker.send(new Message.Terminate(runId));

        assertThat(worker.receive(Message.Ended.class).ending()).isEqualTo(new Ending.Stopped());
        assertThat(worker.run(++runId, "() => 'next'")).isEqualTo(new Ending.Returned("\"next\""));
    }

    @Test
    void terminateWhenTheTaskWaitsStopsIt() throws Exception {
        worker.load("wait", "() => new Promise(() => { console.log('waiting'); setTimeout(() => {}, 60000) })");
        worker.execute(++runId, "wait", "{}");
        worker.receive(Message.Log.class);
        worker.send(new Message.Terminate(runId));

        assertThat(worker.receive(Message.Ended.class).ending()).isEqualTo(new Ending.Stopped());
    }

    @Test
    void terminateWhenSentAtOnceStopsWhatHasNotBegun() throws Exception {
        worker.load("endless", "while (true) {}");
        for (int i = 0; i < 20; i++) {
            worker.execute(++runId, "endless", "{}");
            worker.send(new Message.Terminate(runId));

            assertThat(worker.receive(Message.Ended.class).ending()).isEqualTo(new Ending.Stopped());
        }
    }

    @Test
    void executeWhenSeveralRunAtOnceKeepsThemApart() throws Exception {
        worker.load("several", "(i) => new Promise((r) => setTimeout(() => r(i.n), 200 - i.n * 20))");
        long first = runId + 1;
        for (int n = 0; n < 4; n++) {
            worker.execute(++runId, "several", "{\"n\":" + n + "}");
        }

        for (int n = 0; n < 4; n++) {
            Message.Ended ended = worker.receive(Message.Ended.class);
            assertThat(ended.ending()).isEqualTo(new Ending.Returned(String.valueOf(ended.runId() - first)));
        }
    }

    @Test
    void inspectWhenCodeIsBrokenReturnsFaults() throws Exception {
        worker.load("broken", "function main( {");
        worker.send(new Message.Inspect(++runId, "broken"));

        assertThat(worker.receive(Message.Inspected.class).faults())
                .extracting(Message.Fault::file)
                .containsExactly("main.js");
    }

    @Test
    void executeWhenTheHeapIsExhaustedSaysSoAndAcceptsNoMore() throws Exception {
        try (WorkerProcess own = new WorkerProcess("-Xmx64m")) {
            Ending ending = own.run(1, "() => { const all = []; for (;;) all.push(new Array(1000).fill(0)) }");
            Ending next = own.run(2, "() => 1");

            assertThat(ending).isInstanceOf(Ending.HeapExhausted.class);
            assertThat(next).isInstanceOf(Ending.HeapExhausted.class);
        }
    }

    @Test
    void executeWhenBuffersExhaustTheHeapSaysSo() throws Exception {
        try (WorkerProcess own = new WorkerProcess("-Xmx64m")) {
            Ending ending = own.run(1, "() => { const all = []; for (;;) all.push(new ArrayBuffer(1 << 20)) }");

            assertThat(ending).isInstanceOf(Ending.HeapExhausted.class);
        }
    }

    @Test
    void serveWhenTheParentIsGoneEndsAtOnceEvenWithABusyGuest() throws Exception {
        try (WorkerProcess own = new WorkerProcess()) {
            own.load("loop", "() => { console.log('looping'); while (true) {} }");
            own.execute(1, "loop", "{}");
            own.receive(Message.Log.class);

            own.socket().close();

            assertThat(own.awaitExit()).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void serveWhenTheParentSendsGarbageEnds() throws Exception {
        try (WorkerProcess own = new WorkerProcess()) {
            own.socket().write(ByteBuffer.wrap(new byte[] {0, 0, 0, 3, 99, 1, 2}));

            assertThat(own.awaitExit()).isEqualTo(ExitCode.PROTOCOL);
        }
    }

    @Test
    void serveWhenToldToShutDownEnds() throws Exception {
        try (WorkerProcess own = new WorkerProcess()) {
            own.send(new Message.Shutdown());

            assertThat(own.awaitExit()).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void executeWhenTheTaskReadsItsSurroundingsSeesUtcAndAFixedLocale() throws Exception {
        assertThat(worker.run(
                        ++runId,
                        "() => [new Date(0).getTimezoneOffset(), new Date(0).getHours(),"
                                + " (1234.5).toLocaleString()]"))
                .isEqualTo(new Ending.Returned("[0,0,\"1,234.5\"]"));
    }

    @Test
    void loadWhenCodeIsForgottenCanBeLoadedAgain() throws Exception {
        worker.send(new Message.LoadCode("again", "main.js", false, Map.of("main.js", "() => 1")));
        worker.send(new Message.UnloadCode("again"));
        worker.send(new Message.LoadCode("again", "main.js", false, Map.of("main.js", "() => 2")));
        worker.execute(++runId, "again", "{}");

        assertThat(worker.receive(Message.Ended.class).ending()).isEqualTo(new Ending.Returned("2"));
    }
}
