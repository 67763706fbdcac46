package dev.ratchet.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutionOutcomeTest {
    static Stream<Arguments> table() {
        List<Problem> problems = List.of(Problem.of("a", "b"));
        return Stream.of(
                Arguments.of(new Succeeded(JsonText.NULL), 0, false),
                Arguments.of(new TaskFailed("Error", "m", "", null), 1, true),
                Arguments.of(new InvalidOutput(problems), 1, false),
                Arguments.of(new InvalidInput(problems), 2, false),
                Arguments.of(new InvalidPackage(problems), 2, false),
                Arguments.of(new WorkerCrashed("gone"), 4, true),
                Arguments.of(new Cancelled("asked"), 130, false));
    }

    @ParameterizedTest
    @MethodSource("table")
    void exitCodeWhenRunEndedIsTheDocumentedOne(ExecutionOutcome outcome, int exitCode, boolean retryable) {
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.retryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @EnumSource(LimitKind.class)
    void exitCodeWhenLimitWasHitIsThree(LimitKind limit) {
        LimitExceeded outcome = new LimitExceeded(limit, 2, 1);

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.retryable()).isEqualTo(limit == LimitKind.WALL_TIME);
    }

    @Test
    void tableWhenOutcomesAreCountedHasThemAll() {
        assertThat(ExecutionOutcome.class.getPermittedSubclasses()).hasSize((int) table().count() + 1);
    }
}
