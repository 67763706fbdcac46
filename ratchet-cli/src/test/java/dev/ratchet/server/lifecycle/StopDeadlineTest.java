package dev.ratchet.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopDeadlineTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final StopDeadline deadline = new StopDeadline(Duration.ofSeconds(30), now::get);

    @Test
    void leftCountsFromTheBeginningOfTheStop() {
        now.addAndGet(Duration.ofHours(1).toNanos());
        deadline.begin();
        now.addAndGet(Duration.ofSeconds(12).toNanos());

        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(18));
    }

    @Test
    void leftWhenTheTimeIsOverIsNothing() {
        now.addAndGet(Duration.ofSeconds(31).toNanos());

        assertThat(deadline.left()).isZero();
    }
}
