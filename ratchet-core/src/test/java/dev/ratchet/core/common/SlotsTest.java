package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that must end by themselves are an hour long, so that one that does not fails by the time limit. */
@Timeout(30)
class SlotsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Slots slots = new Slots(3);

    private static <T> CompletableFuture<T> elsewhere(Supplier<T> wait) {
        return CompletableFuture.supplyAsync(wait, task -> Thread.ofVirtual().start(task));
    }

    private static <T> T soon(CompletableFuture<T> result) throws Exception {
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    void takeAllAtFirstTakesAllAsThereMayBeWork() {
        assertThat(slots.takeAll(LONG)).isEqualTo(3);
    }

    @Test
    void takeAllWhenNothingIsFreeWaitsForASlotHoweverMuchWorkThereIs() throws Exception {
        slots.takeAll(LONG);
        slots.ring();

        CompletableFuture<Integer> waiting = elsewhere(() -> slots.takeAll(Duration.ZERO));
        assertThat(waiting).isNotDone();
        slots.giveBack(2, false);

        assertThat(soon(waiting)).isEqualTo(2);
    }

    @Test
    void takeAllWhenThereIsNoWorkWaitsForARingOrForItsTime() throws Exception {
        slots.giveBack(slots.takeAll(LONG), false);

        assertThat(slots.takeAll(Duration.ofMillis(1))).isEqualTo(3);

        slots.giveBack(1, false);
        CompletableFuture<Integer> waiting = elsewhere(() -> slots.takeAll(LONG));
        assertThat(waiting).isNotDone();
        slots.ring();
        assertThat(soon(waiting)).isEqualTo(1);
    }

    @Test
    void giveBackWhenThereMayBeMoreLooksAgainAtOnce() {
        slots.giveBack(slots.takeAll(LONG), true);

        assertThat(slots.takeAll(LONG)).isEqualTo(3);
    }

    @Test
    void takeOneTakesOneAtATimeUntilNoneIsLeft() {
        assertThat(slots.takeOne()).isTrue();
        assertThat(slots.takeAll(LONG)).isEqualTo(2);
        assertThat(slots.takeOne()).isFalse();
    }

    @Test
    void stopEndsTheTakingAndNotTheGivingBack() throws Exception {
        slots.takeAll(LONG);
        CompletableFuture<Integer> taking = elsewhere(() -> slots.takeAll(LONG));
        CompletableFuture<Boolean> free = elsewhere(() -> slots.awaitAllFree(LONG));

        slots.stop();
        assertThat(soon(taking)).isZero();
        assertThat(slots.takeOne()).isFalse();
        assertThat(slots.awaitAllFree(Duration.ofMillis(1))).isFalse();

        slots.giveBack(3, false);
        assertThat(soon(free)).isTrue();
    }
}
