package dev.ratchet.execution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The workers there are, by shape. Everything about them that changes is guarded by {@link #lock}, here and in
 * {@link Placement} and {@link Lifecycle}, which decide; under it nothing is done that waits.
 */
final class Roster {
    final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final Map<Shape, Need> needs = new HashMap<>();
    private final WorkerProfile profile;
    private final Tiering tiering = new Tiering();
    private boolean closed;

    /** @param profile of all workers, or {@link WorkerProfile#AUTO} for both, each for the code that it is better for */
    Roster(WorkerProfile profile) {
        this.profile = profile;
    }

    WorkerProfile profile() {
        return profile;
    }

    /** The shape for code of which nothing is known. */
    Shape shape(long memoryBytes) {
        return new Shape(profile == WorkerProfile.AUTO ? WorkerProfile.QUICK : profile, memoryBytes);
    }

    /** Shapes that will do for an assignment: the first that has an idle worker is taken, the last is waited for. */
    List<Shape> shapes(Assignment assignment) {
        if (profile != WorkerProfile.AUTO || assignment instanceof Inspection) {
            return List.of(shape(assignment.memoryBytes()));
        }
        List<Shape> shapes = new ArrayList<>(2);
        for (WorkerProfile each : tiering.profiles(assignment.hash())) {
            shapes.add(new Shape(each, assignment.memoryBytes()));
        }
        Need last = needs.get(shapes.getLast());
        boolean failing = last != null && last.isFailing();
        if (shapes.getLast().profile() == WorkerProfile.JIT
                && (failing || compilerTrouble().isPresent())) {
            // Slow is better than not at all; starts are tried again, and each failure is in the log.
            shapes.add(shape(assignment.memoryBytes()));
        }
        return shapes;
    }

    /** Why there is no compiling worker although some were started; empty when there is one, or none was needed. */
    Optional<String> compilerTrouble() {
        String trouble = null;
        for (Map.Entry<Shape, Need> entry : needs.entrySet()) {
            if (profile == WorkerProfile.AUTO && entry.getKey().profile() == WorkerProfile.JIT) {
                Need need = entry.getValue();
                if (!need.idle.isEmpty() || need.busy > 0) {
                    return Optional.empty();
                }
                trouble = need.isFailing() ? need.lastFailure : trouble;
            }
        }
        return Optional.ofNullable(trouble);
    }

    /** An assignment has ended in a worker: what that says of its code decides where it runs the next time. */
    void ran(Worker worker, Assignment assignment) {
        if (profile == WorkerProfile.AUTO && assignment instanceof Run) {
            tiering.ran(assignment.hash(), worker.shape.profile(), assignment.cpuNanos());
        }
    }

    Map<Shape, Need> needs() {
        return needs;
    }

    Need need(Shape shape) {
        return needs.computeIfAbsent(shape, _ -> new Need());
    }

    /** Every worker, oldest first; a stable view, also without the lock. */
    List<Worker> workers() {
        return workers;
    }

    void add(Worker worker) {
        workers.add(worker);
    }

    void remove(Worker worker) {
        workers.remove(worker);
        changed.signalAll();
    }

    int busy() {
        int busy = 0;
        for (Need need : needs.values()) {
            busy += need.busy;
        }
        return busy;
    }

    int live(WorkerProfile of) {
        int live = 0;
        for (Map.Entry<Shape, Need> entry : needs.entrySet()) {
            if (entry.getKey().profile() == of) {
                Need need = entry.getValue();
                live += need.idle.size() + need.starting + need.busy;
            }
        }
        return live;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    /** Whether the pool is closed and the last worker gone. Takes the lock. */
    boolean isOver() {
        lock.lock();
        try {
            return closed && workers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those who wait for a change. */
    void changed() {
        changed.signalAll();
    }

    /** What every worker does at one moment, without what only the system knows of its process. Takes the lock. */
    Map<Worker, WorkerInfo> snapshot() {
        Map<Worker, WorkerInfo> infos = new LinkedHashMap<>();
        lock.lock();
        try {
            for (Worker worker : workers) {
                infos.put(worker, worker.info());
            }
        } finally {
            lock.unlock();
        }
        return infos;
    }

    /**
     * Waits for a condition of {@link #snapshot()}. Takes the lock.
     *
     * @return false when it does not come true in time or the thread is interrupted
     */
    boolean await(Predicate<List<WorkerInfo>> condition, long nanos) {
        long left = nanos;
        lock.lock();
        try {
            while (!condition.test(infos())) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private List<WorkerInfo> infos() {
        List<WorkerInfo> infos = new ArrayList<>();
        for (Worker worker : workers) {
            infos.add(worker.info());
        }
        return infos;
    }
}
