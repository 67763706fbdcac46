package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code main}'s second argument. */
class PreludeContextTest {

    private static final TaskFacts FACTS = new TaskFacts("e1", "t1", "hello", "1.2.3", null, 2);

    @Test
    void contextWhenReadHasItsFacts() {
        try (var guest = new GuestFixture()) {
            var context = guest.realm.taskContext(FACTS);

            assertThat(guest.evaluate(
                                    "(c) => JSON.stringify([c.executionId, c.taskId, c.taskName, c.taskVersion, c.jobId,"
                                            + " c.attempt, c.signal.aborted, c.signal === c.signal, Object.keys(c)])")
                            .execute(context)
                            .asString())
                    .isEqualTo("[\"e1\",\"t1\",\"hello\",\"1.2.3\",null,2,false,true,[\"executionId\",\"taskId\","
                            + "\"taskName\",\"taskVersion\",\"jobId\",\"attempt\",\"signal\",\"log\",\"progress\"]]");
        }
    }

    @Test
    void signalWhenAbortedByHostTellsTheTask() {
        try (var guest = new GuestFixture()) {
            var context = guest.realm.taskContext(FACTS);
            var seen = guest.evaluate("(c) => { const seen = []; c.signal.addEventListener('abort', () =>"
                            + " seen.push(`${c.signal.reason}`, c.signal.reason instanceof DOMException)); return () =>"
                            + " JSON.stringify(seen); }")
                    .execute(context);

            guest.realm.abort("TimeoutError", "the task took longer than 60 s");
            guest.realm.abort("AbortError", "again");

            assertThat(seen.execute().asString()).isEqualTo("[\"TimeoutError: the task took longer than 60 s\",true]");
        }
    }

    @Test
    void signalWhenAbortedBeforeItIsReadIsAborted() {
        try (var guest = new GuestFixture()) {
            guest.realm.abort("AbortError", "early");

            assertThat(guest.evaluate("(c) => c.signal.aborted && c.signal.reason.message")
                            .execute(guest.realm.taskContext(FACTS))
                            .asString())
                    .isEqualTo("early");
        }
    }

    @Test
    void logAndProgressWhenCalledReachTheHost() {
        try (var guest = new GuestFixture()) {
            guest.evaluate("(c) => { c.log('a', { b: 1 }); c.log.warn('w'); c.log.error('e'); c.progress(0.5, 'half');"
                            + " c.progress(1); }")
                    .execute(guest.realm.taskContext(FACTS));

            assertThat(guest.logs).containsExactly("info a { b: 1 }", "warn w", "error e");
            assertThat(guest.progress).containsExactly("0.5 half", "1.0 ");
        }
    }

    @Test
    void progressWhenOutOfRangeRefuses() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("(c) => [1.1, -1, NaN, '0.5', undefined].map((f) => { try { c.progress(f); return"
                                    + " 'none'; } catch (e) { return e.name; } }).join()")
                            .execute(guest.realm.taskContext(FACTS))
                            .asString())
                    .isEqualTo("RangeError,RangeError,RangeError,RangeError,RangeError");
            assertThat(guest.progress).isEmpty();
        }
    }
}
