package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final CpuMeter meter = new CpuMeter(0);

    @Test
    void fractionWhenFirstAskedIsThatOfTheLifeSoFar() {
        assertThat(meter.fraction(2 * SECOND, SECOND)).isEqualTo(0.5);
    }

    @Test
    void fractionWhenAskedAgainIsThatOfTheTimeSince() {
        meter.fraction(2 * SECOND, SECOND);

        assertThat(meter.fraction(4 * SECOND, 4 * SECOND)).isEqualTo(1.5);
        assertThat(meter.fraction(14 * SECOND, 4 * SECOND)).isZero();
    }

    @Test
    void fractionWhenAskedTwiceWithinASecondIsTheSame() {
        meter.fraction(2 * SECOND, SECOND);

        assertThat(meter.fraction(2 * SECOND + SECOND / 2, SECOND + SECOND / 2)).isEqualTo(0.5);
    }
}
