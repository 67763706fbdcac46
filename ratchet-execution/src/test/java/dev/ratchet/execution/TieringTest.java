package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import org.junit.jupiter.api.Test;

class TieringTest {
    private static final ContentHash CODE = hash("x => x");
    private static final long HEAVY = Tiering.HEAVY_NANOS + 1;
    private static final long LIGHT = Tiering.LIGHT_NANOS;

    private final Tiering tiering = new Tiering();

    private static ContentHash hash(String source) {
        return ContentHash.of(TaskCode.ofSingleFile("main.js", source), JsonText.EMPTY_OBJECT);
    }

    private void ran(int times, WorkerProfile profile, long cpuNanos) {
        for (int i = 0; i < times; i++) {
            tiering.ran(CODE, profile, cpuNanos);
        }
    }

    @Test
    void profilesWhenNothingIsKnownAreBoth() {
        tiering.ran(hash("y => y"), WorkerProfile.QUICK, HEAVY);

        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.JIT, WorkerProfile.QUICK);
    }

    @Test
    void profilesWhenLightIsTheInterpreterUntilARunComputes() {
        ran(1, WorkerProfile.JIT, Tiering.HEAVY_NANOS);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.QUICK);

        ran(1, WorkerProfile.QUICK, HEAVY);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.JIT);
    }

    @Test
    void profilesWhenComputingCodeBecomesLightTurnBackOnlyAfterSeveralRunsInARow() {
        ran(1, WorkerProfile.QUICK, HEAVY);
        ran(Tiering.LIGHT_RUNS - 1, WorkerProfile.JIT, LIGHT);
        ran(1, WorkerProfile.JIT, LIGHT + 1);
        ran(Tiering.LIGHT_RUNS - 1, WorkerProfile.JIT, LIGHT);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.JIT);

        ran(1, WorkerProfile.JIT, LIGHT);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.QUICK);
    }

    @Test
    void profilesWhenTurningBackWasAMistakeTakeTwiceAsLongTheNextTime() {
        ran(1, WorkerProfile.QUICK, HEAVY);
        ran(Tiering.LIGHT_RUNS, WorkerProfile.JIT, LIGHT);
        ran(1, WorkerProfile.QUICK, HEAVY);
        ran(2 * Tiering.LIGHT_RUNS - 1, WorkerProfile.JIT, LIGHT);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.JIT);

        ran(1, WorkerProfile.JIT, LIGHT);
        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.QUICK);
    }

    @Test
    void profilesWhenInterpretedRunsOfComputingCodeAreShortStayCompiled() {
        ran(1, WorkerProfile.QUICK, HEAVY);
        ran(3 * Tiering.LIGHT_RUNS, WorkerProfile.QUICK, LIGHT);

        assertThat(tiering.profiles(CODE)).containsExactly(WorkerProfile.JIT);
    }
}
