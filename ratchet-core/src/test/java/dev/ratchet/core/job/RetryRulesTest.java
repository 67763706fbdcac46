package dev.ratchet.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.FailureDetails.RetryHints;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
    private static final RetryPolicy FIXED = policy(RetryPolicy.Backoff.FIXED, false, false);

    private static RetryPolicy policy(RetryPolicy.Backoff backoff, boolean jitter, boolean retryUnsafe) {
        return new RetryPolicy(3, backoff, Duration.ofSeconds(10), Duration.ofSeconds(60), jitter, retryUnsafe);
    }

    private static Optional<Duration> delay(RetryPolicy policy, ExecutionOutcome outcome, boolean unsettled) {
        return delay(policy, Optional.of(outcome), 0, unsettled, RetryHints.NONE);
    }

    private static Optional<Duration> delay(
            RetryPolicy policy, Optional<ExecutionOutcome> outcome, int retries, boolean unsettled, RetryHints hints) {
        int losses = outcome.isEmpty() ? 1 : 0;
        return RetryRules.delay(
                policy, new RetryRules.Failure(outcome, losses, retries, unsettled, hints), new Random(42));
    }

    private static ExecutionOutcome failed(String type) {
        return new ExecutionOutcome.TaskFailed(type, "broken", "", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AuthenticationError",
                "AuthorizationError",
                "ConfigurationError",
                "DataError",
                "NotFoundError",
                "ReferenceError",
                "SyntaxError",
                "ValidationError"
            })
    void delayWhenTheErrorIsPermanentIsEmpty(String type) {
        assertThat(delay(FIXED, failed(type), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Error", "TypeError", "RateLimitError", "NetworkError", "TimeoutError", "Anything"})
    void delayWhenTheErrorMayPassIsTheInitialDelay(String type) {
        assertThat(delay(FIXED, failed(type), false)).contains(Duration.ofSeconds(10));
        // The task saw its answers and failed all the same: nothing was cut off.
        assertThat(delay(FIXED, failed(type), true)).contains(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "408,true",
        "425,true",
        "429,true",
        "500,true",
        "503,true",
        "400,false",
        "401,false",
        "404,false",
        "422,false"
    })
    void delayWhenAnHttpErrorHasAStatusFollowsIt(int status, boolean again) {
        RetryHints hints = new RetryHints(Optional.of(status), Optional.empty());

        assertThat(delay(FIXED, Optional.of(failed("HttpError")), 0, false, hints)
                        .isPresent())
                .isEqualTo(again);
    }

    @Test
    void delayWhenAnHttpErrorHasNoStatusIsThere() {
        assertThat(delay(FIXED, failed("HttpError"), false)).isPresent();
    }

    @Test
    void delayWhenNothingWillMendItIsEmpty() {
        for (ExecutionOutcome outcome : List.of(
                new ExecutionOutcome.Succeeded(JsonText.NULL),
                new ExecutionOutcome.Cancelled("enough"),
                new ExecutionOutcome.InvalidInput(List.of()),
                new ExecutionOutcome.InvalidOutput(List.of()),
                new ExecutionOutcome.InvalidPackage(List.of()))) {
            assertThat(delay(FIXED, outcome, false)).as("%s", outcome).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(LimitKind.class)
    void delayWhenALimitWasExceededIsThereForWallTimeOnly(LimitKind limit) {
        ExecutionOutcome outcome = new ExecutionOutcome.LimitExceeded(limit, 2, 1);

        assertThat(delay(FIXED, outcome, false).isPresent()).isEqualTo(limit == LimitKind.WALL_TIME);
        assertThat(delay(FIXED, outcome, true)).isEmpty();
    }

    @Test
    void delayWhenCutOffWithAnUnsettledRequestNeedsLeave() {
        RetryPolicy bold = policy(RetryPolicy.Backoff.FIXED, false, true);
        ExecutionOutcome crashed = new ExecutionOutcome.WorkerCrashed("exit code 1");

        assertThat(delay(FIXED, crashed, false)).isPresent();
        assertThat(delay(FIXED, crashed, true)).isEmpty();
        assertThat(delay(bold, crashed, true)).isPresent();
        assertThat(delay(FIXED, Optional.empty(), 0, false, RetryHints.NONE)).isPresent();
        assertThat(delay(FIXED, Optional.empty(), 0, true, RetryHints.NONE)).isEmpty();
        assertThat(delay(bold, Optional.empty(), 0, true, RetryHints.NONE)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "3,2", "5,8", "8,60", "1000,60"})
    void delayWhenLostIsNoneAtFirstAndDoublesUpToTheLongest(int losses, int seconds) {
        RetryRules.Failure lost = new RetryRules.Failure(Optional.empty(), losses, 0, false, RetryHints.NONE);

        assertThat(RetryRules.delay(FIXED, lost, new Random(42))).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void delayWhenRetriesAreUsedUpIsEmpty() {
        assertThat(delay(FIXED, Optional.of(failed("Error")), 2, false, RetryHints.NONE))
                .isPresent();
        assertThat(delay(FIXED, Optional.of(failed("Error")), 3, false, RetryHints.NONE))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,10", "1,20", "2,40", "3,60", "40,60", "1000,60"})
    void delayWhenExponentialDoublesUpToTheLongest(int retries, int seconds) {
        RetryPolicy policy =
                policy(RetryPolicy.Backoff.EXPONENTIAL, false, false).withMaxRetries(10_000);

        assertThat(delay(policy, Optional.of(failed("Error")), retries, false, RetryHints.NONE))
                .contains(Duration.ofSeconds(seconds));
    }

    @Test
    void delayWhenJitteredIsBetweenHalfAndAll() {
        RetryPolicy policy = policy(RetryPolicy.Backoff.FIXED, true, false);
        Random random = new Random(7);
        RetryRules.Failure failure = new RetryRules.Failure(Optional.of(failed("Error")), 0, 0, false, RetryHints.NONE);
        long distinct = random.longs(100)
                .mapToObj(_ -> RetryRules.delay(policy, failure, random).orElseThrow())
                .peek(delay -> assertThat(delay).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)))
                .distinct()
                .count();

        assertThat(distinct).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource({"3,10", "30,30", "3600,60"})
    void delayWhenTheOtherSideAsksForMoreWaitsLongerWithinTheLongest(int asked, int seconds) {
        RetryHints hints = new RetryHints(Optional.of(429), Optional.of(Duration.ofSeconds(asked)));

        assertThat(delay(FIXED, Optional.of(failed("HttpError")), 0, false, hints))
                .contains(Duration.ofSeconds(seconds));
    }
}
