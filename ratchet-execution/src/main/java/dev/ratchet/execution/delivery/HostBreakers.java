package dev.ratchet.execution.delivery;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One circuit breaker per host and port, for the hosts used last. Half of the requests within the window have to fail,
 * of a least number, before a host is left alone; afterwards a few requests find out whether it is back. Thread-safe.
 */
final class HostBreakers {
    private static final int MAX_HOSTS = 1000;
    private static final float HALF = 50;

    private final CircuitBreakerConfig config;
    private final Duration open;
    private final InstantSource clock;
    private final Map<String, HostBreaker> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HostBreaker> eldest) {
            return size() > MAX_HOSTS;
        }
    };

    HostBreakers(DeliverySettings.CircuitBreaker settings, InstantSource clock) {
        this.open = settings.open();
        this.clock = clock;
        this.config = CircuitBreakerConfig.custom()
                .slidingWindow(
                        Math.toIntExact(settings.window().toSeconds()),
                        settings.failureThreshold(),
                        SlidingWindowType.TIME_BASED)
                .failureRateThreshold(HALF)
                .waitDurationInOpenState(open)
                .permittedNumberOfCallsInHalfOpenState(settings.successThreshold())
                .clock(clock.withZone(ZoneOffset.UTC))
                .build();
    }

    synchronized HostBreaker of(String host) {
        return hosts.computeIfAbsent(host, name -> new HostBreaker(CircuitBreaker.of(name, config), open, clock));
    }

    /** The breaker of one host. */
    static final class HostBreaker {
        private static final Duration PROBE_PAUSE = Duration.ofSeconds(1);

        private final CircuitBreaker breaker;
        private final InstantSource clock;
        private volatile Instant openUntil = Instant.MIN;

        private HostBreaker(CircuitBreaker breaker, Duration open, InstantSource clock) {
            this.breaker = breaker;
            this.clock = clock;
            breaker.getEventPublisher().onStateTransition(event -> {
                if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                    openUntil = clock.instant().plus(open);
                }
            });
        }

        /** Whether a request may go; one that may has to be followed by exactly one of the three below. */
        boolean tryAcquire() {
            return breaker.tryAcquirePermission();
        }

        void succeeded() {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        }

        void failed() {
            breaker.onError(0, TimeUnit.NANOSECONDS, new HostFailedException());
        }

        /** Says nothing about the host. */
        void undecided() {
            breaker.releasePermission();
        }

        /** How long the host is still left alone; short when others are finding out whether it is back. */
        Duration timeLeft() {
            Duration left = Duration.between(clock.instant(), openUntil);
            return left.compareTo(PROBE_PAUSE) < 0 ? PROBE_PAUSE : left;
        }
    }

    /** The breaker wants an exception to count. */
    private static final class HostFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        HostFailedException() {
            super(null, null, false, false);
        }
    }
}
