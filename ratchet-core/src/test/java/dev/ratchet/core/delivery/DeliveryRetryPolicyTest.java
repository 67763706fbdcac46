package dev.ratchet.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeliveryRetryPolicyTest {
    private static final DeliveryRetryPolicy POLICY =
            new DeliveryRetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(10), 3);

    /** Always {@code value} of the range. */
    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    @Test
    void delayWhenAttemptsFailGrowsUpToItsCap() {
        RandomGenerator none = always(0);

        assertThat(POLICY.delay(1, none)).isEqualTo(Duration.ofSeconds(1));
        assertThat(POLICY.delay(2, none)).isEqualTo(Duration.ofSeconds(3));
        assertThat(POLICY.delay(3, none)).isEqualTo(Duration.ofSeconds(9));
        assertThat(POLICY.delay(4, none)).isEqualTo(Duration.ofSeconds(10));
        assertThat(POLICY.delay(1_000_000, none)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void delayWhenRandomIsAddedIsATenthAtMost() {
        assertThat(POLICY.delay(1, always(1))).isEqualTo(Duration.ofMillis(1100));
        assertThat(POLICY.delay(4, always(0.5))).isEqualTo(Duration.ofMillis(10_500));
    }

    @Test
    void allowsMoreThanWhenAttemptsAreUsedUpIsFalse() {
        assertThat(POLICY.allowsMoreThan(4)).isTrue();
        assertThat(POLICY.allowsMoreThan(5)).isFalse();
    }

    @Test
    void policyWhenOutOfBoundsIsRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new DeliveryRetryPolicy(0, second, second, 2)).hasMessageContaining("maxAttempts");
        assertThatThrownBy(() -> new DeliveryRetryPolicy(11, second, second, 2)).hasMessageContaining("maxAttempts");
        assertThatThrownBy(() -> new DeliveryRetryPolicy(3, second, Duration.ZERO, 2))
                .hasMessageContaining("maxDelay");
        assertThatThrownBy(() -> new DeliveryRetryPolicy(3, second, second, Double.NaN))
                .hasMessageContaining("backoffMultiplier");
    }
}
