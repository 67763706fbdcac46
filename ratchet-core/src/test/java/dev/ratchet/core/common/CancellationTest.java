package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private final Cancellation cancellation = new Cancellation();

    @Test
    void cancelWhenActionsAreRegisteredRunsEachOnceInOrder() {
        List<String> ran = new ArrayList<>();
        Cancellation.Registration first = cancellation.onCancel(() -> ran.add("first"));
        Cancellation.Registration second = cancellation.onCancel(() -> ran.add("second"));

        cancellation.cancel();
        cancellation.cancel();

        assertThat(ran).containsExactly("first", "second");
        assertThat(cancellation.isCancelled()).isTrue();
        first.close();
        second.close();
    }

    @Test
    void onCancelWhenCancelledAlreadyRunsAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        cancellation.cancel();

        try (Cancellation.Registration _ = cancellation.onCancel(runs::incrementAndGet)) {
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void closeWhenCalledBeforeCancelRemovesTheAction() {
        AtomicInteger runs = new AtomicInteger();
        try (Cancellation.Registration _ = cancellation.onCancel(runs::incrementAndGet)) {
            assertThat(cancellation.isCancelled()).isFalse();
        }

        cancellation.cancel();

        assertThat(runs).hasValue(0);
    }

    @Test
    void onCancelWhenRacingWithCancelRunsEveryActionExactlyOnce() throws Exception {
        int actions = 200;
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < actions; i++) {
                threads.execute(() -> {
                    try {
                        start.await();
                        cancellation.onCancel(runs::incrementAndGet);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            start.countDown();
            cancellation.cancel();
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(runs).hasValue(actions);
    }
}
