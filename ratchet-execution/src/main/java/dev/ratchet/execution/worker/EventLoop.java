package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Trace;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One run's timers, fetches, clock and randomness, and the order in which what the task waits for happens.
 *
 * <p>On a live clock that order is the real one. On any other nothing is slept for: every outstanding fetch is answered
 * first, then the event that is due earliest happens, and of two that are due together the one that was started first.
 * A recording's order takes precedence as long as the task has started what the recording names next; from the first
 * time it has not, due times decide.
 *
 * <p>Confined to the run's thread.
 */
final class EventLoop implements HostCalls {
    /** A timer of 0 ms waits this long, as in Node, so that a task that polls moves a virtual clock. */
    private static final double SHORTEST_TIMER_MILLIS = 1;

    private static final String NAME_OF_RECORDED_ABORT = "AbortError";

    private final RunHost host;
    private final LongSupplier nanoTime;
    private final Function<Value, String> describe;
    private final RunClock clock;
    private final boolean live;
    private final RunClock.@Nullable Virtual virtualClock;
    private final @Nullable Trace recording;
    private final @Nullable TraceRecorder recorder;
    private final TaskRandom random;
    private final RunLog log;
    private final long originTicks;

    private final PriorityQueue<Event> due = new PriorityQueue<>(Event.ORDER);
    private final Queue<Event> answered = new ArrayDeque<>();
    private final Map<Long, Event> timers = new HashMap<>();
    private final Map<Long, Event> fetches = new HashMap<>();
    private int lastTimer;
    private int lastFetch;
    private long sequence;
    private long scheduleTicks;
    private int replayed;
    private boolean diverged;
    private RunEvent.@Nullable AbortRequested abort;
    private boolean aborted;

    /**
     * @param nanoTime the real clock, for timers that wait
     * @param describe one line about a value that was thrown
     */
    EventLoop(Message.Execute request, RunHost host, LongSupplier nanoTime, Function<Value, String> describe) {
        this.host = host;
        this.nanoTime = nanoTime;
        this.describe = describe;
        switch (request.clock()) {
            case Message.Clock.Live live -> {
                clock = new RunClock.Live(live.startTicks(), nanoTime);
                virtualClock = null;
                recording = null;
            }
            case Message.Clock.Virtual start -> {
                virtualClock = new RunClock.Virtual(start.startTicks());
                clock = virtualClock;
                recording = null;
            }
            case Message.Clock.Recorded recorded -> {
                clock = new RunClock.Recorded(recorded.trace());
                virtualClock = null;
                recording = recorded.trace();
            }
        }
        live = clock instanceof RunClock.Live;
        recorder = request.trace() ? new TraceRecorder() : null;
        random = new TaskRandom(request.seed());
        log = new RunLog(host, request.logBytes());
        // The first reading of every run, so that a replay finds its origin in the recording.
        originTicks = reading();
    }

    /** The recording of this run, null unless it was asked for. */
    @Nullable
    Trace trace() {
        return recorder == null ? null : recorder.toTrace();
    }

    long droppedLogBytes() {
        return log.droppedBytes();
    }

    /**
     * Lets the next thing happen, waiting for it if need be.
     *
     * @return false when nothing will ever happen again
     */
    boolean turn(GuestRealm realm) {
        drain();
        if (raiseAbort(realm)) {
            return true;
        }
        Event next = live ? nextLive() : nextScheduled();
        if (raiseAbort(realm)) {
            if (next != null) {
                putBack(next);
            }
            return true;
        }
        if (next == null) {
            return false;
        }
        settle(realm, next);
        return true;
    }

    private boolean raiseAbort(GuestRealm realm) {
        if (abort == null || aborted) {
            return false;
        }
        aborted = true;
        record(Trace.ABORT, 1);
        realm.abort(abort.name(), abort.message());
        return true;
    }

    private void settle(GuestRealm realm, Event event) {
        if (event.timer) {
            if (event.repeat > 0) {
                event.due = (live ? elapsing() : event.due) + event.repeat;
                due.add(event);
            } else {
                timers.remove((long) event.id);
            }
            record(Trace.TIMER, event.id);
            realm.fireTimer(event.id);
        } else {
            fetches.remove((long) event.id);
            record(Trace.FETCH, event.id);
            realm.settleFetch(event.id, event.answer());
        }
    }

    private void putBack(Event event) {
        if (event.timer || !live) {
            due.add(event);
        } else {
            answered.add(event);
        }
    }

    // Real time: answers as they arrive, timers as they fall due.

    private @Nullable Event nextLive() {
        while (true) {
            Event answer = answered.peek();
            Event timer = due.peek();
            if (answer != null && (timer == null || answer.due - timer.due <= 0)) {
                return answered.remove();
            }
            if (timer != null) {
                long wait = timer.due - elapsing();
                if (wait <= 0) {
                    return due.remove();
                }
                if (answer != null) {
                    return answered.remove();
                }
                await(wait);
            } else if (fetches.isEmpty()) {
                return null;
            } else {
                await(RunHost.FOREVER);
            }
            if (abortIsDue()) {
                return null;
            }
        }
    }

    // Any other time: nothing is waited for except answers, and those only from the parent.

    private @Nullable Event nextScheduled() {
        Event next = nextRecorded();
        if (next == null && !abortIsDue()) {
            awaitAnswers();
            next = abortIsDue() ? null : due.poll();
        }
        if (next != null) {
            advanceTo(next.due);
        }
        return next;
    }

    private @Nullable Event nextRecorded() {
        if (recording == null || diverged) {
            return null;
        }
        if (replayed == recording.kinds().length) {
            diverged = true;
            return null;
        }
        long id = recording.ids()[replayed];
        Event next =
                switch (recording.kinds()[replayed]) {
                    case Trace.TIMER -> timers.get(id);
                    case Trace.FETCH -> fetches.get(id);
                    default -> {
                        abort = new RunEvent.AbortRequested(
                                NAME_OF_RECORDED_ABORT, "the recorded run was told to end here");
                        replayed++;
                        yield null;
                    }
                };
        if (next == null) {
            diverged = !abortIsDue();
            return null;
        }
        while (!next.timer && next.answer == null) {
            await(RunHost.FOREVER);
            if (abortIsDue()) {
                return null;
            }
        }
        replayed++;
        due.remove(next);
        return next;
    }

    private void awaitAnswers() {
        while (!abortIsDue() && isAnyUnanswered()) {
            await(RunHost.FOREVER);
        }
    }

    private boolean isAnyUnanswered() {
        for (Event fetch : fetches.values()) {
            if (fetch.answer == null) {
                return true;
            }
        }
        return false;
    }

    /** The time that events are due by: nanoseconds on a live clock, ticks since the start of the run elsewhere. */
    private long elapsing() {
        return live ? nanoTime.getAsLong() : scheduleTicks;
    }

    private void advanceTo(long ticks) {
        if (ticks > scheduleTicks) {
            if (virtualClock != null) {
                virtualClock.advance(ticks - scheduleTicks);
            }
            scheduleTicks = ticks;
        }
    }

    private boolean abortIsDue() {
        return abort != null && !aborted;
    }

    private void drain() {
        for (RunEvent event = host.next(0); event != null; event = host.next(0)) {
            accept(event);
        }
    }

    private void await(long nanos) {
        RunEvent event = host.next(nanos);
        if (event != null) {
            accept(event);
        }
    }

    private void accept(RunEvent event) {
        switch (event) {
            case RunEvent.AbortRequested request -> {
                if (abort == null) {
                    abort = request;
                }
            }
            case RunEvent.Answered answer -> {
                Event fetch = fetches.get((long) answer.fetchId());
                // Aborted fetches are no longer there.
                if (fetch != null && fetch.answer == null) {
                    fetch.answer = answer.answer();
                    if (live) {
                        fetch.due = elapsing();
                        answered.add(fetch);
                    } else {
                        fetch.due += Math.max(0, answer.delayMillis()) * RunClock.TICKS_PER_MILLI;
                        due.add(fetch);
                    }
                }
            }
        }
    }

    private void record(byte kind, int id) {
        if (recorder != null) {
            recorder.settled(kind, id);
        }
    }

    private long reading() {
        long ticks = clock.read();
        if (recorder != null) {
            recorder.reading(ticks);
        }
        return ticks;
    }

    private long epochMillis() {
        return Math.floorDiv(clock.peek(), RunClock.TICKS_PER_MILLI);
    }

    @Override
    public long fetchStart(FetchInit init) {
        int id = ++lastFetch;
        Event fetch = new Event(id, false, sequence++, elapsing());
        // First, because a host that refuses will never answer.
        host.fetchOpen(id, init);
        fetches.put((long) id, fetch);
        return id;
    }

    @Override
    public void fetchAbort(long id) {
        Event fetch = fetches.remove(id);
        if (fetch != null) {
            if (fetch.answer == null) {
                host.fetchAborted(fetch.id);
            } else {
                due.remove(fetch);
                answered.remove(fetch);
            }
        }
    }

    @Override
    public FetchAnswer fetchBlocking(FetchInit init) {
        if (abort != null) {
            return new FetchAnswer.Failed("ABORTED", abort.message());
        }
        long id = fetchStart(init);
        Event fetch = fetches.get(id);
        while (fetch != null && fetch.answer == null) {
            await(RunHost.FOREVER);
            RunEvent.AbortRequested request = abort;
            if (request != null) {
                fetchAbort(id);
                return new FetchAnswer.Failed("ABORTED", request.message());
            }
        }
        if (fetch == null) {
            throw new IllegalStateException("fetch " + id + " vanished");
        }
        fetches.remove(id);
        due.remove(fetch);
        answered.remove(fetch);
        if (!live) {
            advanceTo(fetch.due);
        }
        if (recording != null && !diverged) {
            boolean asRecorded = replayed < recording.kinds().length
                    && recording.kinds()[replayed] == Trace.FETCH
                    && recording.ids()[replayed] == id;
            if (asRecorded) {
                replayed++;
            } else {
                diverged = true;
            }
        }
        record(Trace.FETCH, fetch.id);
        return fetch.answer();
    }

    @Override
    public long timerStart(double delayMillis, boolean repeat) {
        int id = ++lastTimer;
        long ticks = (long) Math.ceil(Math.max(SHORTEST_TIMER_MILLIS, delayMillis) * RunClock.TICKS_PER_MILLI);
        long delay = live ? ticks * RunClock.TICK_NANOS : ticks;
        Event timer = new Event(id, true, sequence++, elapsing() + delay);
        timer.repeat = repeat ? delay : 0;
        timers.put((long) id, timer);
        due.add(timer);
        return id;
    }

    @Override
    public void timerClear(long id) {
        Event timer = timers.remove(id);
        if (timer != null) {
            due.remove(timer);
        }
    }

    @Override
    public double now() {
        return reading() / (double) RunClock.TICKS_PER_MILLI;
    }

    @Override
    public double performanceNow() {
        return Math.max(0, reading() - originTicks) / (double) RunClock.TICKS_PER_MILLI;
    }

    @Override
    public double timeOrigin() {
        return originTicks / (double) RunClock.TICKS_PER_MILLI;
    }

    @Override
    public double random() {
        return random.nextDouble();
    }

    @Override
    public void randomBytes(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public void log(String level, String message) {
        int ordinal =
                switch (level) {
                    case "debug" -> 1;
                    case "info" -> 2;
                    case "warn" -> 3;
                    case "error" -> 4;
                    default -> 0;
                };
        log.line(ordinal, epochMillis(), message);
    }

    @Override
    public void progress(double fraction, String message) {
        log.progress(fraction, message, epochMillis());
    }

    @Override
    public void uncaught(Value thrown) {
        log("error", "uncaught " + describe.apply(thrown));
    }

    /** Something the task waits for. */
    private static final class Event {
        /** Earliest first; differences, because nanosecond readings may overflow. */
        static final Comparator<Event> ORDER = (a, b) -> {
            int byTime = Long.signum(a.due - b.due);
            return byTime != 0 ? byTime : Long.compare(a.sequence, b.sequence);
        };

        final int id;
        final boolean timer;
        final long sequence;
        long due;
        long repeat;

        @Nullable
        FetchAnswer answer;

        Event(int id, boolean timer, long sequence, long due) {
            this.id = id;
            this.timer = timer;
            this.sequence = sequence;
            this.due = due;
        }

        FetchAnswer answer() {
            if (answer == null) {
                throw new IllegalStateException("fetch " + id + " has no answer yet");
            }
            return answer;
        }
    }
}
