package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TrainingParentTest {
    @Test
    void trainWhenTheWorkerBreaksOffFailsInsteadOfWaitingForIt() {
        assertThatIOException()
                .isThrownBy(() -> TrainingParent.train(_ -> {
                    throw new IllegalStateException("expected");
                }));
    }
}
