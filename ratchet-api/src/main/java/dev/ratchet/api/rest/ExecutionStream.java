package dev.ratchet.api.rest;

import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.EventStream;
import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore.NumberedLine;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.job.Executions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An execution as it goes, as events: {@code state}, {@code log}, {@code progress}, and at the end {@code result} with the
 * whole execution. Log lines come in order, none twice and none left out, for what events miss is read from the store;
 * the same holds for executions of other nodes, of which no events come.
 */
final class ExecutionStream implements Answer.Events {
    /** Events that may wait for a slow reader; what finds no room is read from the store later. */
    private static final int MAX_WAITING = 1_000;

    /** Stored lines in memory at a time, which a reader that does not read keeps there. */
    private static final int LINES_AT_ONCE = 100;

    /** Lines after which other threads have their turn. */
    private static final int LINES_IN_A_TURN = 32;

    /** How often to look into the store for what no event told of. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Which events are wanted. */
    record Wanted(boolean everything, long fromLine, LogLine.Level atLeast, String containing) {
        /** All of them. */
        static final Wanted ALL = everythingFrom(0);

        /** All of them, without the lines before this one. */
        static Wanted everythingFrom(long line) {
            return new Wanted(true, line, LogLine.Level.TRACE, "");
        }

        boolean includes(LogLine line) {
            return line.level().compareTo(atLeast) >= 0
                    && (containing.isEmpty()
                            || line.message().toLowerCase(Locale.ROOT).contains(containing.toLowerCase(Locale.ROOT)));
        }
    }

    private final Executions executions;
    private final Caller caller;
    private final ExecutionId id;
    private final Wanted wanted;
    private final Duration beat;
    private final BlockingQueue<ExecutionEvent> events = new LinkedBlockingQueue<>(MAX_WAITING);
    private long nextLine;
    private @Nullable ExecutionStatus sent;
    private double sentProgress = -1;
    private String sentMessage = "";

    /** Whether progress has come since the store was looked into, which keeps only some of it, and later. */
    private boolean progressed;

    private long lastSentAt = System.nanoTime();

    ExecutionStream(Executions executions, Caller caller, ExecutionId id, Wanted wanted, Duration beat) {
        this.executions = executions;
        this.caller = caller;
        this.id = id;
        this.wanted = wanted;
        this.beat = beat;
        this.nextLine = wanted.fromLine();
    }

    @Override
    public void sendTo(EventStream target) throws IOException, InterruptedException {
        // An event that finds no room is not lost: the store has it as well, or what came after it.
        try (Registration _ = executions.follow(id, events::offer)) {
            Execution execution = executions.outline(caller, id);
            while (target.isOpen()) {
                sendState(target, execution.status());
                if (!progressed || execution.status().isTerminal()) {
                    sendProgress(target, execution);
                }
                progressed = false;
                if (execution.status().isTerminal()) {
                    sendStoredLines(target, Long.MAX_VALUE);
                    sendResult(target, execution);
                    target.flush();
                    return;
                }
                if (sendEvents(target)) {
                    sendStoredLines(target, Long.MAX_VALUE);
                }
                execution = executions.outline(caller, id);
            }
        }
    }

    /**
     * Sends what comes until the status changes, nothing has come for a while, or the server ends.
     *
     * @return whether to look into the store for lines
     */
    private boolean sendEvents(EventStream target) throws IOException, InterruptedException {
        while (target.isOpen()) {
            ExecutionEvent event = events.poll();
            if (event == null) {
                target.flush();
                event = events.poll(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            }
            switch (event) {
                case null -> {
                    if (System.nanoTime() - lastSentAt >= beat.toNanos()) {
                        target.beat();
                        lastSentAt = System.nanoTime();
                    }
                    return true;
                }
                case ExecutionEvent.StatusChanged _ -> {
                    return false;
                }
                case ExecutionEvent.Logged(ExecutionId _, long number, LogLine line) -> {
                    if (number > nextLine) {
                        sendStoredLines(target, number);
                    }
                    if (number == nextLine) {
                        sendLine(target, new NumberedLine(number, line));
                    }
                }
                case ExecutionEvent.Progressed(ExecutionId _, double fraction, String message) -> {
                    progressed = true;
                    sendProgress(target, fraction, message);
                }
            }
        }
        return false;
    }

    private void sendStoredLines(EventStream target, long before) throws IOException {
        List<NumberedLine> lines;
        do {
            lines = executions.log(caller, id, nextLine, LogLine.Level.TRACE, "", LINES_AT_ONCE);
            for (NumberedLine line : lines) {
                if (line.number() >= before) {
                    return;
                }
                sendLine(target, line);
            }
        } while (lines.size() == LINES_AT_ONCE);
    }

    @SuppressWarnings("ThreadPriorityCheck") // virtual threads are not interrupted for others: see below
    private void sendLine(EventStream target, NumberedLine line) throws IOException {
        nextLine = line.number() + 1;
        if (nextLine % LINES_IN_A_TURN == 0) {
            // Hundreds of streams with much to send shall not keep everybody else from the processors.
            Thread.yield();
        }
        if (wanted.includes(line.line())) {
            String data = Envelopes.line(json -> ExecutionViews.LINE.write(json, line));
            send(target, String.valueOf(line.number()), "log", data);
        }
    }

    private void sendState(EventStream target, ExecutionStatus status) throws IOException {
        if (wanted.everything() && status != sent) {
            sent = status;
            send(target, "", "state", Envelopes.line(json -> {
                json.writeStartObject();
                json.writeStringProperty("id", id.toString());
                json.writeStringProperty("status", status.name());
                json.writeEndObject();
            }));
        }
    }

    private void sendProgress(EventStream target, Execution execution) throws IOException {
        if (execution.progress().isPresent()) {
            sendProgress(
                    target,
                    execution.progress().get(),
                    execution.progressMessage().orElse(""));
        }
    }

    private void sendProgress(EventStream target, double fraction, String message) throws IOException {
        if (wanted.everything() && (fraction != sentProgress || !message.equals(sentMessage))) {
            sentProgress = fraction;
            sentMessage = message;
            send(target, "", "progress", Envelopes.line(json -> {
                json.writeStartObject();
                json.writeNumberProperty("progress", fraction);
                json.writeStringProperty("message", message);
                json.writeEndObject();
            }));
        }
    }

    private void sendResult(EventStream target, Execution execution) throws IOException, InterruptedException {
        if (wanted.everything()) {
            // What was said before is not to wait for room.
            target.flush();
            Execution whole = ExecutionViews.made(executions, caller, execution, target.memory());
            send(target, "", "result", Envelopes.line(json -> ExecutionViews.EXECUTION.write(json, whole)));
        } else {
            send(target, "", "end", Envelopes.line(json -> {
                json.writeStartObject();
                json.writeStringProperty("status", execution.status().name());
                json.writeEndObject();
            }));
        }
    }

    private void send(EventStream target, String eventId, String event, String data) throws IOException {
        target.send(eventId, event, data);
        lastSentAt = System.nanoTime();
    }
}
