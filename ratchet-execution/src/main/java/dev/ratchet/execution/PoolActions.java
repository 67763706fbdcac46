package dev.ratchet.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was decided under the roster's lock and is done in the same order once it is let go. Used by one thread. */
final class PoolActions {
    private sealed interface Action {
        record Launch(Worker worker) implements Action {}

        record Dispatch(Worker worker, Assignment assignment) implements Action {}

        record Retire(Worker worker) implements Action {}

        record Kill(Worker worker, String reason) implements Action {}

        record Unavailable(Assignment assignment, String message) implements Action {}
    }

    private final List<Action> actions = new ArrayList<>(2);

    void launch(Worker worker) {
        actions.add(new Action.Launch(worker));
    }

    void dispatch(Worker worker, Assignment assignment) {
        actions.add(new Action.Dispatch(worker, assignment));
    }

    void retire(Worker worker) {
        actions.add(new Action.Retire(worker));
    }

    void kill(Worker worker, String reason) {
        actions.add(new Action.Kill(worker, reason));
    }

    /** Tells whoever waits for an assignment that no worker can be had. */
    void unavailable(Assignment assignment, String message) {
        actions.add(new Action.Unavailable(assignment, message));
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    void perform(Monitor monitor, WorkerPoolSettings.Health health) {
        for (Action action : actions) {
            switch (action) {
                case Action.Launch(Worker worker) -> {
                    Thread.ofPlatform()
                            .daemon()
                            .name("ratchet-worker-" + worker.id)
                            .start(worker);
                    monitor.lookBy(after(health.startTimeout()));
                }
                case Action.Dispatch(Worker worker, Assignment assignment) -> {
                    monitor.lookBy(after(health.samplingInterval()));
                    worker.dispatch(assignment);
                }
                case Action.Retire(Worker worker) -> worker.retire(System.nanoTime());
                case Action.Kill(Worker worker, String reason) -> worker.kill(reason);
                case Action.Unavailable(Assignment assignment, String message) -> assignment.unavailable(message);
            }
        }
    }

    private static long after(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}
