package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.protocol.Message;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunFetchesTest {
    private final List<String> left = new CopyOnWriteArrayList<>();
    private final CountDownLatch journaling = new CountDownLatch(1);
    private final CountDownLatch journaled = new CountDownLatch(1);
    private final CompletableFuture<HttpAnswer> answered = new CompletableFuture<>();

    private RunFetches fetches() {
        return new RunFetches(
                request()
                        .fetches((_, call, _) -> {
                            left.add(call.method());
                            return FetchReply.of(new HttpAnswer.Response(
                                    200, "OK", call.url(), false, List.of(), new byte[0], HttpTiming.none(0)));
                        })
                        .journal(new FetchJournal() {
                            @Override
                            public void intent(int fetchId, HttpCall call) {
                                journaling.countDown();
                                try {
                                    journaled.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            }

                            @Override
                            public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
                                answered.complete(answer);
                            }
                        })
                        .build(),
                1,
                _ -> {},
                _ -> {},
                InstantSource.system());
    }

    private static Message.FetchOpen post() {
        return new Message.FetchOpen(1, 1, "POST", "https://example.com/", List.of(), "follow", -1);
    }

    @Test
    void disownWhenAnUnsafeRequestIsAboutToLeaveKeepsItBack() throws Exception {
        RunFetches fetches = fetches();
        fetches.open(post());
        journaling.await();

        assertThat(fetches.disown()).isTrue();
        journaled.countDown();

        assertThat(answered.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(HttpAnswer.Failure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(HttpAnswer.Reason.ABORTED));
        assertThat(left).isEmpty();
    }

    @Test
    void disownWhenAnUnsafeRequestHasLeftRefuses() throws Exception {
        RunFetches fetches = fetches();
        journaled.countDown();
        fetches.open(post());
        answered.get(30, TimeUnit.SECONDS);

        assertThat(fetches.disown()).isFalse();
        assertThat(left).containsExactly("POST");
    }
}
