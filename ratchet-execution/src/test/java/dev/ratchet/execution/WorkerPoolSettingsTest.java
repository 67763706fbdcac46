package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerPoolSettingsTest {
    @Test
    void forServerWhenAskedKeepsAWarmWorkerPerProcessor() {
        WorkerPoolSettings settings = WorkerPoolSettings.forServer(3);

        assertThat(settings.profile()).isEqualTo(WorkerProfile.AUTO);
        assertThat(settings.sizing()).isEqualTo(new WorkerPoolSettings.Sizing(3, 3, 1, 1, 10_000));
    }

    @Test
    void forCommandWhenAskedStartsNothingAhead() {
        WorkerPoolSettings settings = WorkerPoolSettings.forCommand(3);

        assertThat(settings.profile()).isEqualTo(WorkerProfile.QUICK);
        assertThat(settings.sizing()).isEqualTo(new WorkerPoolSettings.Sizing(0, 3, 0, 1, 10_000));
    }

    @Test
    void sizingWhenMinimumExceedsMaximumNamesTheComponentAndItsBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkerPoolSettings.Sizing(3, 2, 0, 1, 1))
                .withMessage("sizing.minWorkers must be from 0 to 2, was 3");
    }

    @Test
    void recyclingWhenAgeIsTooShortNamesTheComponentAndItsBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkerPoolSettings.Recycling(1, Duration.ofMillis(1), Duration.ofMinutes(1)))
                .withMessage("recycling.afterTime must be from PT1S to PT720H, was PT0.001S");
    }
}
