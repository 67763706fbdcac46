package dev.ratchet.execution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private WorkerProfile profile;
    private boolean closed;

    Roster(WorkerProfile profile) {
        this.profile = profile;
    }

    WorkerProfile profile() {
        return profile;
    }

    void use(WorkerProfile newProfile) {
        profile = newProfile;
    }

    Shape shape(long memoryBytes) {
        return new Shape(profile, memoryBytes);
    }

    /** The shape an assignment needs. */
    Shape shape(Assignment assignment) {
        return shape(assignment.memoryBytes());
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

    int live() {
        int live = 0;
        for (Need need : needs.values()) {
            live += need.idle.size() + need.starting + need.busy;
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
