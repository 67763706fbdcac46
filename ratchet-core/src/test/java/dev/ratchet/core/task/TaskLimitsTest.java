package dev.ratchet.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TaskLimitsTest {
    @Test
    void defaultsWhenReadAreTheDocumentedOnes() {
        assertThat(TaskLimits.DEFAULTS)
                .isEqualTo(new TaskLimits(
                        Duration.ofSeconds(60), Duration.ofSeconds(60), 128 << 20, 10 << 20, 1 << 20, 100, 50 << 20));
    }

    @Test
    void withWallTimeWhenChangedTakesProcessorTimeWithIt() {
        TaskLimits limits = TaskLimits.DEFAULTS.withWallTime(Duration.ofMillis(5));

        assertThat(limits.wallTime()).isEqualTo(Duration.ofMillis(5));
        assertThat(limits.cpuTime()).isEqualTo(Duration.ofMillis(5));
        assertThat(limits.memoryBytes()).isEqualTo(TaskLimits.DEFAULTS.memoryBytes());
    }

    @Test
    void newWhenValueIsNotPositiveIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskLimits.DEFAULTS.withWallTime(Duration.ZERO))
                .withMessageContaining("wallTime");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 0, 1, 1, 1, 1))
                .withMessageContaining("memoryBytes");
    }

    @Test
    void retryPolicyWhenDelaysContradictIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(
                        1, RetryPolicy.Backoff.FIXED, Duration.ofSeconds(2), Duration.ofSeconds(1), true, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(
                        -1, RetryPolicy.Backoff.FIXED, Duration.ZERO, Duration.ofSeconds(1), true, false));
    }
}
