package dev.ratchet.execution.worker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run's surroundings that answer from a script and remember what they were told. */
final class ScriptedHost implements RunHost {
    record Line(int level, long epochMillis, String message) {}

    final List<FetchInit> fetches = new ArrayList<>();
    final List<Integer> abortedFetches = new ArrayList<>();
    final List<Line> lines = new ArrayList<>();
    final List<String> progress = new ArrayList<>();
    private final Deque<RunEvent> events = new ArrayDeque<>();
    private Function<FetchInit, RunEvent.@Nullable Answered> answers = init -> null;
    private volatile boolean stopped;

    /** Answers each fetch with 200 and this text after this long on a virtual clock. */
    static RunEvent.Answered text(int id, String body, long delayMillis) {
        return new RunEvent.Answered(
                id,
                new FetchAnswer.Received(
                        200, "OK", "https://example.org/", false, List.of(), body.getBytes(StandardCharsets.UTF_8)),
                delayMillis);
    }

    ScriptedHost answering(Function<FetchInit, RunEvent.@Nullable Answered> script) {
        answers = script;
        return this;
    }

    void event(RunEvent event) {
        events.add(event);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void fetchOpen(int id, FetchInit init) {
        fetches.add(init);
        RunEvent.Answered answer = answers.apply(init);
        if (answer != null) {
            events.add(
                    answer.fetchId() == 0 ? new RunEvent.Answered(id, answer.answer(), answer.delayMillis()) : answer);
        }
    }

    @Override
    public void fetchAborted(int id) {
        abortedFetches.add(id);
    }

    @Override
    public void log(int level, long epochMillis, String message) {
        lines.add(new Line(level, epochMillis, message));
    }

    @Override
    public void progress(double fraction, String message) {
        progress.add(fraction + " " + message);
    }

    List<String> messages() {
        return lines.stream().map(Line::message).toList();
    }

    @Override
    public @Nullable RunEvent next(long nanos) {
        if (stopped) {
            throw new RunStopped();
        }
        RunEvent event = events.poll();
        if (event == null && nanos == FOREVER) {
            throw new AssertionError("the run waits for an event that the script does not have");
        }
        if (event == null && nanos > 0) {
            LockSupport.parkNanos(Math.min(nanos, TimeUnit.SECONDS.toNanos(1)));
        }
        return event;
    }
}
