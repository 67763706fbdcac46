package dev.ratchet.execution.protocol;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that crosses the border between a parent and its worker. Both ends come from one build and agree on
 * {@link #PROTOCOL_VERSION} in the handshake, so messages change freely from build to build: there are no optional
 * fields for the sake of older peers.
 *
 * <p>A {@code runId} names an execution within one worker's life. The parent believes nothing it is told: it checks
 * every {@code runId}, size and order, and ends a worker that breaks the rules.
 */
@SuppressWarnings("ArrayRecordComponent") // chunks are written once, read once and owned by one party at a time
public sealed interface Message {
    /** Raised with every change of any message. */
    int PROTOCOL_VERSION = 1;

    /** Largest body chunk in a message, in bytes. */
    int MAX_CHUNK_BYTES = 64 * 1024;

    /**
     * What the thread that has a run is called while it has it, so that the parent finds it among the threads of the
     * process and can read its processor time; short enough for the system to keep it whole.
     */
    static String guestThreadName(long runId) {
        return "guest-" + runId;
    }

    /** What a parent says. */
    sealed interface ToWorker extends Message {}

    /** What a worker says. */
    sealed interface FromWorker extends Message {}

    /**
     * First message of the parent, answering {@link Hello}.
     *
     * @param codeCacheEntries how many {@link LoadCode} the parent will have loaded at once
     */
    record Start(int codeCacheEntries) implements ToWorker {}

    /** Hands over code that later {@link Execute} and {@link Inspect} messages name by its hash. */
    record LoadCode(String hash, String entry, boolean compat04, Map<String, String> files) implements ToWorker {
        public LoadCode {
            files = Map.copyOf(files);
        }
    }

    /** The parent will not name this code again. */
    record UnloadCode(String hash) implements ToWorker {}

    /** Run the entry function of loaded code. */
    record Execute(
            long runId,
            String hash,
            String input,
            Context context,
            String seed,
            Clock clock,
            Map<String, String> secrets,
            long outputBytes,
            long logBytes,
            boolean trace)
            implements ToWorker {
        public Execute {
            secrets = Map.copyOf(secrets);
        }

        /** Names and versions only; secrets and input stay out of any log. */
        @Override
        public String toString() {
            return "Execute[runId=" + runId + ", hash=" + hash + "]";
        }
    }

    /** Evaluate loaded code up to its entry function without calling it; answered by {@link Inspected}. */
    record Inspect(long runId, String hash) implements ToWorker {}

    /**
     * Response head of a fetch; {@code bodyBytes} bytes follow in {@link FetchChunk}s, none when it is 0.
     *
     * @param delayMillis how long the answer takes on a virtual clock
     */
    record FetchHead(
            long runId,
            int fetchId,
            int status,
            String statusText,
            String url,
            boolean redirected,
            List<Field> headers,
            int bodyBytes,
            long delayMillis)
            implements ToWorker {
        public FetchHead {
            headers = List.copyOf(headers);
        }
    }

    /** A fetch that ends without a response; {@code reason} is a name of the core's enumeration of reasons. */
    record FetchFailed(long runId, int fetchId, String reason, String message, long delayMillis) implements ToWorker {}

    /**
     * Raise the run's abort signal.
     *
     * @param reason name of the DOMException: {@code AbortError} or {@code TimeoutError}
     */
    record Abort(long runId, String reason, String message) implements ToWorker {}

    /** Close the run's context now, whatever it is doing; answered by {@link Ended} with {@link Ending.Stopped}. */
    record Terminate(long runId) implements ToWorker {}

    /** Answered by {@link Pong} with the same number. */
    record Ping(long number) implements ToWorker {}

    /** End when idle. */
    record Shutdown() implements ToWorker {}

    /** First message of a worker. */
    record Hello(int protocolVersion, long pid, String token) implements FromWorker {}

    /**
     * The worker is warm.
     *
     * @param engine name and version of the engine
     * @param compiler whether the optimising compiler runs; false means interpreter only
     * @param liveHeapBytes heap in use, garbage of the start included: the baseline that a task's memory is counted from
     */
    record Ready(String engine, boolean compiler, long liveHeapBytes) implements FromWorker {}

    /** The task starts a fetch; {@code bodyBytes} bytes follow in {@link FetchChunk}s, -1 for no body. */
    record FetchOpen(
            long runId, int fetchId, String method, String url, List<Field> headers, String redirect, int bodyBytes)
            implements FromWorker {
        public FetchOpen {
            headers = List.copyOf(headers);
        }
    }

    /** A piece of a body, in order, at most {@link #MAX_CHUNK_BYTES}. */
    record FetchChunk(long runId, int fetchId, byte[] bytes) implements FromWorker, ToWorker {}

    /** The task no longer wants the answer. */
    record FetchAborted(long runId, int fetchId) implements FromWorker {}

    /** A line of console output; {@code level} is an ordinal of the core's levels, TRACE to ERROR. */
    record Log(long runId, int level, long epochMillis, String message) implements FromWorker {}

    /** Progress as reported by the task. */
    record Progress(long runId, double fraction, String message) implements FromWorker {}

    /**
     * The run is over and its context closed.
     *
     * @param guestCpuNanos processor time of the thread that ran it
     * @param droppedLogBytes console text over the limit
     * @param trace null unless asked for
     */
    record Ended(
            long runId,
            Ending ending,
            long guestCpuNanos,
            long droppedLogBytes,
            @Nullable Trace trace) implements FromWorker {}

    /** The answer to {@link Inspect}; no faults means that there is a callable entry. */
    record Inspected(long runId, List<Fault> faults) implements FromWorker {
        public Inspected {
            faults = List.copyOf(faults);
        }
    }

    /** The answer to {@link Ping}, sent by the thread that reads frames and not by one that runs tasks. */
    record Pong(long number) implements FromWorker {}

    /** How a run ended, as far as the worker can tell. */
    sealed interface Ending {
        /** The function returned, or its promise was fulfilled with, this JSON. */
        record Returned(String output) implements Ending {}

        /** The task threw, or its promise was rejected. */
        record Threw(
                String type,
                String message,
                String stack,
                @Nullable String details) implements Ending {}

        /** The value returned is not JSON, or will never come. */
        record NoJson(String message) implements Ending {}

        /** The output is larger than allowed; {@code bytes} may be a lower bound. */
        record TooLarge(long bytes) implements Ending {}

        /** The engine ran out of heap; the worker is not to be used again. */
        record HeapExhausted(long liveHeapBytes) implements Ending {}

        /**
         * The stack gave out in the engine. Classes that fail to initialise for want of stack stay unusable, so the
         * worker is not to be used again.
         *
         * @param perhapsEarlier whether it is such a class that failed, which may be an earlier run's doing
         */
        record StackExhausted(boolean perhapsEarlier) implements Ending {}

        /** The code does not parse or has no callable entry. */
        record BadCode(List<Fault> faults) implements Ending {
            public BadCode {
                faults = List.copyOf(faults);
            }
        }

        /** Terminated from outside. */
        record Stopped() implements Ending {}
    }

    /**
     * Something wrong in a code file.
     *
     * @param position {@code line:column} from one, or empty
     */
    record Fault(String file, String position, String message) {}

    /** A header field. */
    record Field(String name, String value) {}

    /** The second argument of a task's function. */
    record Context(
            String executionId,
            String taskId,
            String taskName,
            String taskVersion,
            @Nullable String jobId,
            int attempt) {}

    /** Where the task's time comes from; ticks of 0.1 ms since 1970. */
    sealed interface Clock {
        /** Real time from {@code startTicks}. */
        record Live(long startTicks) implements Clock {}

        /** Jumps to the next event when the task waits. */
        record Virtual(long startTicks) implements Clock {}

        /** Recorded readings and settlements. */
        record Recorded(Trace trace) implements Clock {
            public Recorded {
                Objects.requireNonNull(trace, "trace");
            }
        }
    }

    /**
     * Clock readings and settlements of a run.
     *
     * @param ticks value of each run of equal readings
     * @param counts length of each run; as long as {@code ticks}
     * @param kinds one of {@link #FETCH}, {@link #TIMER}, {@link #ABORT} per settlement
     * @param ids number of each settled thing; as long as {@code kinds}
     * @param complete false when a bound cut either list
     */
    record Trace(long[] ticks, int[] counts, byte[] kinds, int[] ids, boolean complete) {
        public static final byte FETCH = 0;
        public static final byte TIMER = 1;
        public static final byte ABORT = 2;

        /** Most runs of equal readings kept. */
        public static final int MAX_CLOCK_RUNS = 500_000;

        /** Most settlements kept. */
        public static final int MAX_SETTLEMENTS = 200_000;

        public Trace {
            if (ticks.length != counts.length || kinds.length != ids.length) {
                throw new IllegalArgumentException("trace arrays differ in length");
            }
        }
    }
}
