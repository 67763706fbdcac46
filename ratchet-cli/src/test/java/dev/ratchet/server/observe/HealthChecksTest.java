package dev.ratchet.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import dev.ratchet.core.health.HealthStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void reportWhenAskedGivesTheWorstAndAllByName() {
        HealthChecks checks = new HealthChecks(
                List.of(
                        check("workers", () -> HealthStatus.degraded("warming up")),
                        check("database", () -> HealthStatus.healthy("answers"))),
                LONG);

        HealthChecks.Report report = checks.report();

        assertThat(report.state()).isEqualTo(State.DEGRADED);
        assertThat(report.results()).extracting(HealthChecks.Result::name).containsExactly("database", "workers");
    }

    @Test
    void reportWhenACheckThrowsCallsItUnhealthyWithoutItsMessage() {
        HealthChecks checks = new HealthChecks(
                List.of(check("database", () -> {
                    throw new IllegalStateException("jdbc:postgresql://user:password@db");
                })),
                LONG);

        HealthChecks.Report report = checks.report();

        assertThat(report.state()).isEqualTo(State.UNHEALTHY);
        assertThat(report.results().getFirst().status().message())
                .contains("IllegalStateException")
                .doesNotContain("password");
    }

    @Test
    void reportWhenACheckHangsAnswersInTimeAndDoesNotAskAgain() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        HealthChecks checks = new HealthChecks(
                List.of(check("database", () -> {
                    asked.incrementAndGet();
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return HealthStatus.healthy("at last");
                })),
                Duration.ofMillis(50));

        HealthChecks.Report first = checks.report();
        HealthChecks.Report second = checks.report();

        assertThat(first.results().getFirst().status().message()).isEqualTo("no answer within 50 ms");
        assertThat(second.state()).isEqualTo(State.UNHEALTHY);
        assertThat(asked).hasValue(1);
        letGo.countDown();
    }

    private static HealthCheck check(String name, Supplier<HealthStatus> status) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public HealthStatus check() {
                return status.get();
            }
        };
    }
}
