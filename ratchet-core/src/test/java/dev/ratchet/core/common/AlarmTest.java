package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that must end by themselves are an hour long, so that one that does not fails by the time limit. */
@Timeout(30)
class AlarmTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Alarm alarm = new Alarm();

    private static CompletableFuture<Boolean> elsewhere(java.util.function.BooleanSupplier wait) {
        return CompletableFuture.supplyAsync(
                wait::getAsBoolean, task -> Thread.ofVirtual().start(task));
    }

    @Test
    void sleepWhenRungBeforeEndsAtOnceAndOnlyOnce() throws Exception {
        alarm.ring();
        alarm.ring();

        assertThat(alarm.sleep(LONG)).isTrue();

        CompletableFuture<Boolean> second = elsewhere(() -> alarm.sleep(LONG));
        assertThat(second).isNotDone();
        alarm.ring();
        assertThat(second.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sleepWhenItsTimeIsOverEnds() {
        assertThat(alarm.sleep(Duration.ofMillis(1))).isTrue();
        assertThat(alarm.sleep(Duration.ofSeconds(-1))).isTrue();
    }

    @Test
    void pauseWhenRungGoesOnAndLeavesTheRingForTheNextSleep() {
        alarm.ring();

        assertThat(alarm.pause(Duration.ofMillis(1))).isTrue();
        assertThat(alarm.sleep(LONG)).isTrue();
    }

    @Test
    void waitsWhenStoppedEndAndSaySo() throws Exception {
        CompletableFuture<Boolean> sleeping = elsewhere(() -> alarm.sleep(LONG));
        CompletableFuture<Boolean> pausing = elsewhere(() -> alarm.pause(LONG));

        alarm.stop();

        assertThat(sleeping.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(pausing.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(alarm.sleep(LONG)).isFalse();
        assertThat(alarm.isStopped()).isTrue();
    }

    @Test
    void sleepWhenTheThreadIsInterruptedEndsAndLeavesItSo() {
        Thread.currentThread().interrupt();

        assertThat(alarm.sleep(LONG)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }
}
