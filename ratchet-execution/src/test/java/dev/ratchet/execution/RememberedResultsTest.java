package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.ResultCache.Remembered;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ResultCachePolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RememberedResultsTest {
    private static final TenantId TENANT = TenantId.DEFAULT;
    private static final VersionId VERSION = new VersionId(UUID.randomUUID());
    private static final JsonText INPUT = new JsonText("{\"a\":1,\"b\":[2]}");
    private static final ResultCachePolicy SUCCESSES = new ResultCachePolicy(Duration.ofMinutes(10), true);
    private static final ResultCachePolicy EVERYTHING = new ResultCachePolicy(Duration.ofMinutes(10), false);

    private final AtomicLong nanos = new AtomicLong();
    private final RememberedResults results = new RememberedResults(ResultCacheSettings.DEFAULTS, nanos::get);

    @Test
    void findWhenTheInputMeansTheSameGivesTheResult() {
        Remembered result = success("1");
        results.remember(TENANT, VERSION, INPUT, SUCCESSES, result);

        assertThat(results.find(TENANT, VERSION, new JsonText("{ \"b\": [2.0], \"a\": 1e0 }")))
                .contains(result);
        assertThat(results.find(TENANT, VERSION, new JsonText("{\"a\":1,\"b\":[3]}")))
                .isEmpty();
        assertThat(results.find(TENANT, new VersionId(UUID.randomUUID()), INPUT))
                .isEmpty();
        assertThat(results.find(new TenantId("other"), VERSION, INPUT)).isEmpty();
        assertThat(results.figures().hits()).isEqualTo(1);
        assertThat(results.figures().misses()).isEqualTo(3);
    }

    @Test
    void findWhenTheTimeIsOverIsEmpty() {
        results.remember(TENANT, VERSION, INPUT, SUCCESSES, success("1"));

        nanos.set(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(results.find(TENANT, VERSION, INPUT)).isPresent();
        nanos.set(Duration.ofMinutes(10).toNanos());
        assertThat(results.find(TENANT, VERSION, INPUT)).isEmpty();
    }

    @Test
    void findWhenTheTaskAllowsMoreThanTheServerHoldsToTheServer() {
        results.remember(TENANT, VERSION, INPUT, new ResultCachePolicy(ResultCachePolicy.MAX_TTL, true), success("1"));

        nanos.set(Duration.ofMinutes(30).toNanos());

        assertThat(results.find(TENANT, VERSION, INPUT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rememberWhenFailedKeepsOnlyWhatTheTaskItselfCameTo(OutcomeKind kind) {
        RememberedResults generous =
                new RememberedResults(new ResultCacheSettings(false, 10, 1_000_000, Duration.ofHours(1)), nanos::get);
        Remembered result = kind == OutcomeKind.SUCCEEDED ? success("1") : failure(kind);
        generous.remember(TENANT, VERSION, INPUT, EVERYTHING, result);

        boolean own =
                kind == OutcomeKind.SUCCEEDED || kind == OutcomeKind.TASK_FAILED || kind == OutcomeKind.INVALID_OUTPUT;
        assertThat(generous.find(TENANT, VERSION, INPUT).isPresent()).isEqualTo(own);
    }

    @Test
    void rememberWhenFailedAndOneOfBothForbidsItKeepsNothing() {
        results.remember(TENANT, VERSION, INPUT, EVERYTHING, failure(OutcomeKind.TASK_FAILED));
        assertThat(results.find(TENANT, VERSION, INPUT)).isEmpty();

        RememberedResults generous =
                new RememberedResults(new ResultCacheSettings(false, 10, 1_000_000, Duration.ofHours(1)), nanos::get);
        generous.remember(TENANT, VERSION, INPUT, SUCCESSES, failure(OutcomeKind.TASK_FAILED));
        assertThat(generous.find(TENANT, VERSION, INPUT)).isEmpty();
    }

    @Test
    void rememberWhenMoreThanFitsStaysWithinNumberAndBytes() {
        RememberedResults few =
                new RememberedResults(new ResultCacheSettings(true, 10, 1_000_000, Duration.ofHours(1)), nanos::get);
        for (int i = 0; i < 100; i++) {
            few.remember(TENANT, VERSION, new JsonText(Integer.toString(i)), SUCCESSES, success("1"));
        }
        assertThat(few.figures().entries()).isEqualTo(10);

        RememberedResults small =
                new RememberedResults(new ResultCacheSettings(true, 1_000, 50_000, Duration.ofHours(1)), nanos::get);
        String large = "\"" + "x".repeat(10_000) + "\"";
        for (int i = 0; i < 100; i++) {
            small.remember(TENANT, VERSION, new JsonText(Integer.toString(i)), SUCCESSES, success(large));
        }
        assertThat(small.figures().bytes()).isLessThanOrEqualTo(50_000);
        assertThat(small.figures().entries()).isBetween(1L, 4L);
        assertThat(small.figures().evictions()).isPositive();
    }

    @Test
    void findWhenTheInputHasNoCanonicalFormIsEmpty() {
        JsonText beyond = new JsonText("1e999");
        results.remember(TENANT, VERSION, beyond, SUCCESSES, success("1"));

        assertThat(results.find(TENANT, VERSION, beyond)).isEmpty();
    }

    private static Remembered success(String output) {
        return remembered(OutcomeKind.SUCCEEDED, Optional.of(new JsonText(output)), Optional.empty());
    }

    private static Remembered failure(OutcomeKind kind) {
        return remembered(kind, Optional.empty(), Optional.of(new ExecutionError("Error", "no", Optional.empty())));
    }

    private static Remembered remembered(OutcomeKind kind, Optional<JsonText> output, Optional<ExecutionError> error) {
        return new Remembered(
                new ExecutionId(UUID.randomUUID()),
                new ExecutionEnd(
                        kind, output, error, Duration.ofMillis(5), Duration.ofMillis(4), 0, 0, Optional.empty()));
    }
}
