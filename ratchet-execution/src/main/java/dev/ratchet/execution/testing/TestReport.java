package dev.ratchet.execution.testing;

import dev.ratchet.execution.testing.TestResult.Status;
import java.time.Duration;
import java.util.List;

/**
 * The tests of one task.
 *
 * @param taskName the task's name
 * @param taskVersion the task's version
 * @param results in the order of files and of cases in them
 * @param filteredOut tests that were not chosen
 * @param duration from first to last
 */
public record TestReport(
        String taskName, String taskVersion, List<TestResult> results, int filteredOut, Duration duration) {
    public TestReport {
        results = List.copyOf(results);
    }

    /** How many ended so. */
    public int count(Status status) {
        return Math.toIntExact(
                results.stream().filter(result -> result.status() == status).count());
    }

    /** Whether there is no failure; also true when there is no test. */
    public boolean allPassed() {
        return count(Status.PASSED) == results.size();
    }
}
