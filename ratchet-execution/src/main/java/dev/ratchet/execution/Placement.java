package dev.ratchet.execution;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Which worker gets which work, and the line of those that wait for one. Every method needs the roster's lock. */
final class Placement {
    /** Waiting work looked at in one go, so that a long queue does not slow down every end of a run. */
    private static final int MAX_SCANNED = 256;

    /** Who gets workers for work that has none. */
    interface Staffing {
        /** Whether one more worker of this shape may exist. */
        boolean hasRoom(Shape shape);

        /** Ends a worker of another shape that nobody waits for; false when there is none. */
        boolean makeRoom(Shape forShape, PoolActions actions);

        void launch(Shape shape, Need need, PoolActions actions);
    }

    private final Roster roster;
    private final WorkerPoolSettings.Sizing sizing;
    private final long keptNanos;
    private final AtomicLong runIds = new AtomicLong();
    private final Deque<Assignment> queue = new ArrayDeque<>();
    private long lastAssigned = System.nanoTime();

    Placement(Roster roster, WorkerPoolSettings settings) {
        this.roster = roster;
        this.sizing = settings.sizing();
        this.keptNanos = settings.recycling().idle().toNanos();
    }

    int waiting() {
        return queue.size();
    }

    /** When a worker was given work last, in {@link System#nanoTime()}; when this was made, if none was yet. */
    long lastAssigned() {
        return lastAssigned;
    }

    /** Why it cannot even wait; null when it can. */
    @Nullable
    String refusal(Assignment assignment) {
        if (queue.size() >= sizing.queueCapacity()) {
            return queue.size()
                    + " runs are waiting for a worker already, which is all the queue holds; try again later"
                    + " or raise its capacity";
        }
        Need need = roster.needs().get(roster.shapes(assignment).getLast());
        if (need != null && need.isHopeless() && need.backingOff) {
            return need.startFailure();
        }
        return null;
    }

    /** Gives it to a worker that is free, or puts it at the end of the line; whether there was a worker. */
    boolean place(Assignment assignment, PoolActions actions) {
        Worker worker = queue.isEmpty() ? free(assignment) : null;
        if (worker == null) {
            queue.addLast(assignment);
            return false;
        }
        assign(worker, assignment, actions);
        return true;
    }

    /** Takes it out of the line; false when it is not there. */
    boolean withdraw(Assignment assignment) {
        return queue.remove(assignment);
    }

    /** Empties the line. */
    List<Assignment> withdrawAll() {
        List<Assignment> waiting = List.copyOf(queue);
        queue.clear();
        return waiting;
    }

    /**
     * Whether work that was lost with its worker is to be done again; if so it is at the head of the line.
     *
     * @param innocent whether something else in the worker may be to blame
     * @return what has to be done about the lost attempt once no lock is held; null when it is not done again
     */
    @Nullable
    Runnable takeBack(Assignment assignment, boolean innocent) {
        if (!again(assignment, innocent)) {
            return null;
        }
        Runnable abandoned = assignment.attemptLost();
        queue.addFirst(assignment);
        return abandoned;
    }

    private static boolean again(Assignment assignment, boolean innocent) {
        if (assignment.cause() != null) {
            return false;
        }
        // A worker may have begun with what the thread that told it has not yet noted as told.
        if (assignment.neverArrived() && assignment.abandon()) {
            assignment.repeat(false, false);
            return true;
        }
        if (innocent && assignment.attempts() == 1 && assignment.abandon()) {
            assignment.repeat(true, true);
            return true;
        }
        return false;
    }

    /** In order of arrival; work of one shape may overtake work of another whose worker is on its way. */
    void giveOut(Staffing staffing, PoolActions actions) {
        roster.needs().values().forEach(need -> need.waiting = 0);
        Iterator<Assignment> waiting = queue.iterator();
        int scanned = 0;
        while (waiting.hasNext() && scanned++ < MAX_SCANNED) {
            Assignment assignment = waiting.next();
            Worker worker = free(assignment);
            if (worker != null) {
                waiting.remove();
                assign(worker, assignment, actions);
                continue;
            }
            Shape shape = roster.shapes(assignment).getLast();
            Need need = roster.need(shape);
            if (need.isHopeless() && need.starting == 0) {
                waiting.remove();
                actions.unavailable(assignment, need.startFailure());
                continue;
            }
            if (roster.busy() >= sizing.maxWorkers()) {
                if (sizing.slots() == 1) {
                    return;
                }
                continue;
            }
            need.waiting++;
            if (need.idle.size() + need.starting >= need.waiting || need.backingOff) {
                continue;
            }
            if (!staffing.hasRoom(shape) && !staffing.makeRoom(shape, actions)) {
                // Those behind it must not take every worker that comes free before it.
                return;
            }
            staffing.launch(shape, need, actions);
        }
    }

    /** A worker that can take it now: an idle one, or with several slots one that works for the same owner. */
    private @Nullable Worker free(Assignment assignment) {
        for (Shape shape : roster.shapes(assignment)) {
            Worker worker = free(assignment, shape);
            if (worker != null) {
                return worker;
            }
        }
        return null;
    }

    private @Nullable Worker free(Assignment assignment, Shape shape) {
        Need need = roster.needs().get(shape);
        if (need == null) {
            return null;
        }
        if (sizing.slots() > 1 && !assignment.alone() && need.busy > 0) {
            long now = System.nanoTime();
            for (Worker worker : roster.workers()) {
                if (worker.state == WorkerInfo.State.BUSY
                        && worker.active < sizing.slots()
                        && !worker.exclusive
                        && !worker.isWornOut(now)
                        && assignment.owner().equals(worker.owner)
                        && worker.shape.equals(shape)) {
                    return worker;
                }
            }
        }
        if (roster.busy() >= sizing.maxWorkers()) {
            return null;
        }
        if (assignment.alone()) {
            for (Worker worker : need.idle) {
                if (worker.runs == 0) {
                    return worker;
                }
            }
        }
        return need.idle.peekLast();
    }

    private void assign(Worker worker, Assignment assignment, PoolActions actions) {
        Need need = roster.need(worker.shape);
        if (worker.active == 0) {
            need.idle.remove(worker);
            need.busy++;
            worker.state = WorkerInfo.State.BUSY;
            worker.owner = assignment.owner();
            worker.exclusive = assignment.alone();
        }
        worker.active++;
        long now = System.nanoTime();
        lastAssigned = now;
        if (sizing.spares() > 0) {
            need.keepUntil(now + keptNanos);
        }
        worker.accept(assignment, runIds.incrementAndGet(), now);
        actions.dispatch(worker, assignment);
    }
}
