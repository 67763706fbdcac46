package dev.ratchet.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MIB = 1024 * 1024;

    private final MemoryBudget budget = new MemoryBudget(8 * MIB, Duration.ofMillis(50));

    @Test
    void takeWhenThereIsNoRoomIsRefusedAndSmallDocumentsGoOn() throws InterruptedException {
        try (MemoryBudget.Hold first = budget.hold();
                MemoryBudget.Hold second = budget.hold()) {
            first.take(2 * MIB);

            assertThatExceptionOfType(RatchetException.class)
                    .isThrownBy(() -> second.take(100_000))
                    .withMessageContaining("100000 bytes")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED));
            second.take(64 * 1024);
            second.made(64 * 1024, false);
        }
    }

    @Test
    void takeWhenLargerThanEverythingHasItAll() throws InterruptedException {
        MemoryBudget.Hold large = budget.hold();
        large.take(100 * MIB);
        large.close();
        large.close();

        try (MemoryBudget.Hold next = budget.hold()) {
            next.take(2 * MIB);
        }
    }

    @Test
    void takeWhenRoomComesWhileItWaitsGoesOn() throws Exception {
        MemoryBudget patient = new MemoryBudget(8 * MIB, Duration.ofSeconds(20));
        MemoryBudget.Hold first = patient.hold();
        first.take(2 * MIB);

        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try (MemoryBudget.Hold second = patient.hold()) {
                second.take(2 * MIB);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        first.close();

        waiting.get(20, TimeUnit.SECONDS);
    }

    @Test
    void madeGivesBackWhatWasOnlyForMaking() throws InterruptedException {
        try (MemoryBudget.Hold first = budget.hold();
                MemoryBudget.Hold second = budget.hold()) {
            first.take(2 * MIB);
            first.made(2 * MIB, false);

            second.take(3 * MIB / 2);
        }
    }

    @Test
    void madeWhenNothingWasTakenAndThereIsNoRoomIsRefused() throws InterruptedException {
        try (MemoryBudget.Hold first = budget.hold();
                MemoryBudget.Hold second = budget.hold()) {
            first.take(2 * MIB);

            assertThatExceptionOfType(RatchetException.class)
                    .isThrownBy(() -> second.made(MIB, false))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED));
        }
    }

    @Test
    void shrinkGivesBackWhatWasTakenForMore() throws Exception {
        MemoryBudget budget = new MemoryBudget(8 * MIB, Duration.ofMillis(1));
        try (MemoryBudget.Hold first = budget.hold();
                MemoryBudget.Hold second = budget.hold()) {
            first.take(2 * MIB);
            first.shrink(20);

            second.take(2 * MIB);
            second.shrink(4 * MIB);
            assertThatExceptionOfType(RatchetException.class).isThrownBy(() -> first.take(MIB));
        }
    }

    @Test
    void madeWhenItMustBeSentNeedsNoRoom() throws Exception {
        MemoryBudget budget = new MemoryBudget(8 * MIB, Duration.ofMillis(1));
        try (MemoryBudget.Hold first = budget.hold();
                MemoryBudget.Hold second = budget.hold()) {
            first.take(2 * MIB);

            second.made(MIB, true);

            assertThatExceptionOfType(RatchetException.class).isThrownBy(() -> second.made(MIB, false));
        }
    }
}
