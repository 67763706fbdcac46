package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.TaskRunner.Running;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two runs in one real process, which is killed under them. */
@Timeout(120)
class SharedWorkerIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long LIMIT_BYTES = 64L << 20;

    /** Asks once per attempt; the first then waits for much longer than it will live, any further one is done. */
    private static final String PATIENT_AT_FIRST = """
            async (input, {attempt}) => {
              await fetch('https://example.com/' + input.name + '/' + attempt, {method: input.method});
              if (attempt === 1) await new Promise(done => setTimeout(done, 50_000));
              return input.name + ' ' + attempt;
            }
            """;

    private final WorkerPool pool = new WorkerPool(
            WorkerPoolSettings.forCommand(1).withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 2, 10)),
            WorkerClasspath.ofClassPath(
                    System.getProperty("java.class.path"), Path.of(System.getProperty("java.home"))),
            InstantSource.system());

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Integer> companyAtSecondAttempt = new CopyOnWriteArrayList<>();
    private final CountDownLatch bothHaveAsked = new CountDownLatch(2);
    private final Sharer one = new Sharer("one");
    private final Sharer other = new Sharer("other");

    /** One of the two runs, and what its listener heard of attempts. */
    private final class Sharer implements ExecutionListener {
        private final String name;
        private final List<Integer> attempts = new CopyOnWriteArrayList<>();

        Sharer(String name) {
            this.name = name;
        }

        @Override
        public void onAttempt(int attempt, String reason) {
            attempts.add(attempt);
        }

        Running start(String method) {
            return pool.start(request(PATIENT_AT_FIRST)
                    .input("{\"name\": \"" + name + "\", \"method\": \"" + method + "\"}")
                    .wallTime(LONG)
                    .fetches(SharedWorkerIT.this::answer)
                    .listener(this)
                    .build());
        }
    }

    private FetchReply answer(int fetchId, HttpCall call, Cancellation cancellation) {
        requests.add(call.method() + " " + call.url());
        if (call.url().endsWith("/1")) {
            bothHaveAsked.countDown();
        } else {
            companyAtSecondAttempt.add(pool.workers().stream()
                    .mapToInt(worker -> worker.executions().size())
                    .max()
                    .orElse(0));
        }
        return FetchReply.of(
                new HttpAnswer.Response(200, "OK", call.url(), false, List.of(), new byte[0], HttpTiming.none(0)));
    }

    @BeforeEach
    void startWorker() {
        pool.prepare(LIMIT_BYTES);
        assertThat(pool.awaitReady(1, LONG)).isTrue();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static ExecutionResult result(Running running) throws Exception {
        return running.result().get(100, TimeUnit.SECONDS);
    }

    /** Kills, with the signal that no process can refuse, the worker that has both. */
    private void killWhenBothAreUnderWay() throws Exception {
        assertThat(bothHaveAsked.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.executions()).hasSize(2);
            assertThat(ProcessHandle.of(worker.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
        });
    }

    @Test
    void processWhenKilledUnderTwoInnocentRunsRepeatsEachAloneOnce() throws Exception {
        Running first = one.start("GET");
        Running second = other.start("GET");

        killWhenBothAreUnderWay();

        ExecutionResult firstResult = result(first);
        ExecutionResult secondResult = result(second);
        assertThat(firstResult.outcome()).isEqualTo(new Succeeded(new JsonText("\"one 2\"")));
        assertThat(secondResult.outcome()).isEqualTo(new Succeeded(new JsonText("\"other 2\"")));
        assertThat(firstResult.attempts()).isEqualTo(2);
        assertThat(secondResult.attempts()).isEqualTo(2);
        assertThat(one.attempts).containsExactly(2);
        assertThat(other.attempts).containsExactly(2);
        assertThat(companyAtSecondAttempt).containsExactly(1, 1);
        assertThat(requests)
                .containsExactlyInAnyOrder(
                        "GET https://example.com/one/1",
                        "GET https://example.com/other/1",
                        "GET https://example.com/one/2",
                        "GET https://example.com/other/2");
    }

    @Test
    void processWhenKilledUnderARunThatHasPostedRepeatsOnlyTheOther() throws Exception {
        Running first = one.start("POST");
        Running second = other.start("GET");

        killWhenBothAreUnderWay();

        ExecutionResult posted = result(first);
        ExecutionResult innocent = result(second);
        assertThat(posted.outcome()).isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                .contains("SIGKILL"));
        assertThat(posted.attempts()).isEqualTo(1);
        assertThat(one.attempts).isEmpty();
        assertThat(innocent.outcome()).isEqualTo(new Succeeded(new JsonText("\"other 2\"")));
        assertThat(innocent.attempts()).isEqualTo(2);
        assertThat(other.attempts).containsExactly(2);
        assertThat(requests)
                .containsExactlyInAnyOrder(
                        "POST https://example.com/one/1",
                        "GET https://example.com/other/1",
                        "GET https://example.com/other/2");
    }
}
