package dev.ratchet.core.job;

import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.FailureDetails;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.task.TaskStore;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Everything an attempt needs to run, the same for all of them.
 *
 * @param tasks where the code is
 * @param jobs where what a running task says is kept
 * @param executions tells of requests whose fate is not known
 * @param executor runs
 * @param resources answers requests, gives secrets
 * @param recorder keeps what a replay needs
 * @param cache remembered results
 * @param planner tells where results go
 * @param failures writes failures down
 * @param events tells those who watch
 * @param ids makes identifiers
 * @param seeds makes seeds of random numbers, of at least 128 bits from a cryptographic source
 * @param random spreads retries
 * @param clock the time
 */
public record AttemptRunner(
        TaskStore tasks,
        JobStore jobs,
        ExecutionStore executions,
        TaskExecutor executor,
        RunResources resources,
        RunRecorder recorder,
        ResultCache cache,
        DeliveryPlanner planner,
        FailureDetails failures,
        ExecutionEvents events,
        UuidV7 ids,
        Supplier<String> seeds,
        RandomGenerator random,
        InstantSource clock) {

    Attempt prepare(Claim claim, String nodeName) {
        return new Attempt(this, claim, nodeName);
    }
}
