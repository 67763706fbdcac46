package dev.ratchet.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.execution.ExecutionStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JobStatesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void jobAllowsWhenTheTableSaysSoAndNeverElse() {
        Set<String> allowed = new TreeSet<>();
        for (JobStatus from : JobStatus.values()) {
            for (JobStatus to : JobStatus.values()) {
                if (from.allows(to)) {
                    allowed.add(from + ">" + to);
                }
            }
        }

        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "QUEUED>PROCESSING",
                        "QUEUED>CANCELLED",
                        "RETRYING>PROCESSING",
                        "RETRYING>CANCELLED",
                        "PROCESSING>COMPLETED",
                        "PROCESSING>RETRYING",
                        "PROCESSING>FAILED",
                        "PROCESSING>CANCELLED",
                        "PROCESSING>QUEUED",
                        "FAILED>RETRYING",
                        "CANCELLED>RETRYING");
    }

    @Test
    void jobIsTerminalWhenNothingHappensByItself() {
        assertThat(Arrays.stream(JobStatus.values()).filter(JobStatus::isTerminal))
                .containsExactlyInAnyOrder(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED);
    }

    @Test
    void executionAllowsWhenTheTableSaysSoAndNeverElse() {
        Set<String> allowed = new TreeSet<>();
        for (ExecutionStatus from : ExecutionStatus.values()) {
            for (ExecutionStatus to : ExecutionStatus.values()) {
                if (from.allows(to)) {
                    allowed.add(from + ">" + to);
                }
            }
        }

        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "PENDING>RUNNING",
                        "PENDING>CANCELLED",
                        "RUNNING>COMPLETED",
                        "RUNNING>FAILED",
                        "RUNNING>CANCELLED");
    }

    @Test
    void rankWhenDueTogetherPutsTheMostUrgentFirst() {
        List<JobPriority> order = Arrays.stream(JobPriority.values())
                .sorted(Comparator.comparingLong(priority -> priority.rank(NOW)))
                .toList();

        assertThat(order).containsExactly(JobPriority.CRITICAL, JobPriority.HIGH, JobPriority.NORMAL, JobPriority.LOW);
    }

    @Test
    void rankWhenOneHasWaitedLongerThanTheHeadStartPutsItFirst() {
        long waited = JobPriority.LOW.rank(NOW);

        for (JobPriority priority : JobPriority.values()) {
            Instant later = NOW.plus(priority.headStart());
            assertThat(priority.rank(later.plusMillis(1))).as("%s", priority).isGreaterThan(waited);
            assertThat(priority.rank(later.minusMillis(1))).as("%s", priority).isLessThan(waited);
        }
    }
}
