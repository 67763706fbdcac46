package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-03-07T08:09:10Z");

    @Test
    void parseWhenSecondsOrDateIsThatLong() {
        assertThat(RetryAfter.parse(" 120 ", NOW)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse("Sat, 07 Mar 2026 08:10:10 GMT", NOW)).contains(Duration.ofMinutes(1));
    }

    @Test
    void parseWhenPastOrFarAwayIsBounded() {
        assertThat(RetryAfter.parse("Sat, 07 Mar 2026 08:00:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("999999999999999999", NOW)).contains(Duration.ofDays(1));
    }

    @Test
    void parseWhenNeitherIsEmpty() {
        assertThat(RetryAfter.parse("soon", NOW)).isEmpty();
        assertThat(RetryAfter.parse("-1", NOW)).isEmpty();
        assertThat(RetryAfter.parse("", NOW)).isEmpty();
    }
}
