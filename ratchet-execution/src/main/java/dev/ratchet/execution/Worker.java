package dev.ratchet.execution;

import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Ended;
import dev.ratchet.execution.protocol.Message.Ending;
import dev.ratchet.execution.protocol.Message.FetchAborted;
import dev.ratchet.execution.protocol.Message.FetchChunk;
import dev.ratchet.execution.protocol.Message.FetchOpen;
import dev.ratchet.execution.protocol.Message.Hello;
import dev.ratchet.execution.protocol.Message.Inspected;
import dev.ratchet.execution.protocol.Message.Log;
import dev.ratchet.execution.protocol.Message.Ping;
import dev.ratchet.execution.protocol.Message.Pong;
import dev.ratchet.execution.protocol.Message.Progress;
import dev.ratchet.execution.protocol.Message.Ready;
import dev.ratchet.execution.protocol.Message.Shutdown;
import dev.ratchet.execution.protocol.Message.Start;
import dev.ratchet.execution.protocol.ProtocolException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker process from its launch to its end. Its own thread launches it, checks who answers, and reads what it
 * says; nothing it says is believed. Other threads hand it work and look after it.
 */
final class Worker implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    private static final Duration EXIT_WAIT = Duration.ofSeconds(5);
    private static final long STOP_GRACE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Duration LAST_WORDS_WAIT = Duration.ofMillis(300);
    private static final String BREACH = "broke the protocol: ";
    private static final int MAX_ENGINE_NAME = 200;

    /** Exit code of a JVM that ends itself for want of memory, and of a worker that does. */
    private static final Set<Integer> OUT_OF_MEMORY_EXITS = Set.of(3, 71);

    /** Exit code of a worker whose engine failed. */
    private static final int BROKEN_EXIT = 70;

    /** What the pool hears of a worker. Called from the worker's thread. */
    interface Keeper {
        /** It is warm. */
        void ready(Worker worker);

        /** It is through with a piece of work and, if {@code reusable}, may get another. */
        void released(Worker worker, Assignment assignment, boolean reusable);

        /** Its process is gone, and what was under way in it is lost; last call. */
        void gone(Worker worker, Death death);

        /** Somebody must look at this worker by then, in {@link System#nanoTime()}. */
        void lookBy(long deadline);
    }

    /**
     * How a worker ended.
     *
     * @param detail for the person who has to find out why
     * @param outOfMemory whether it died for want of memory
     * @param broken whether it ended itself because something in it no longer worked
     * @param wasReady whether it had become ready before
     */
    record Death(String detail, boolean outOfMemory, boolean broken, boolean wasReady) {}

    /** What a ready worker said of itself, and what it weighs. */
    private record Readiness(String engine, boolean compiler, long liveHeapBytes, long residentBytes) {}

    final long id;
    final Shape shape;
    private final Instant startedAt;
    final long launchedAt;
    private final Path socket;
    private final String token;
    private final WorkerLauncher launcher;
    private final WorkerPoolSettings settings;
    private final ProcessFigures figures;
    private final Keeper keeper;

    private final ReentrantLock dispatching = new ReentrantLock();
    private final CodeMirror mirror;
    private final Map<Long, Assignment> assignments = new ConcurrentHashMap<>();
    private final CpuMeter cpuMeter;

    private volatile @Nullable ServerSocketChannel server;
    private volatile @Nullable WorkerProcess process;
    private volatile @Nullable FrameChannel channel;
    private volatile @Nullable Readiness readiness;
    private volatile @Nullable String killedFor;
    private volatile long lastHeard;
    private volatile long lastPing;
    private volatile long pingNumber;
    private volatile boolean telling;
    private volatile long stopBy = Long.MAX_VALUE;

    // Guarded by the pool's lock.
    WorkerInfo.State state = WorkerInfo.State.STARTING;
    int active;
    long runs;
    long idleSince;

    @Nullable
    String owner;

    boolean exclusive;

    Worker(
            long id,
            Shape shape,
            Instant startedAt,
            Path directory,
            String token,
            WorkerLauncher launcher,
            WorkerPoolSettings settings,
            ProcessFigures figures,
            Keeper keeper) {
        this.id = id;
        this.shape = shape;
        this.startedAt = startedAt;
        this.launchedAt = System.nanoTime();
        this.socket = directory.resolve(id + ".sock");
        this.token = token;
        this.launcher = launcher;
        this.settings = settings;
        this.figures = figures;
        this.keeper = keeper;
        this.mirror = new CodeMirror(settings.codeCacheEntries());
        this.cpuMeter = new CpuMeter(launchedAt);
        this.lastHeard = launchedAt;
        this.lastPing = launchedAt;
    }

    /** The whole life. */
    @Override
    public void run() {
        String end;
        try {
            FrameChannel connected = connect();
            shakeHands(connected);
            keeper.ready(this);
            end = listen(connected);
        } catch (ProtocolException e) {
            end = BREACH + e.getMessage();
        } catch (IOException e) {
            String message = e.getMessage();
            end = "lost its connection: " + (message == null ? e.getClass().getSimpleName() : message);
        } catch (RuntimeException | Error e) {
            // Errors too, such as a heap too small for a frame: whoever waits for this worker must hear that it is
            // gone.
            log.atError().addKeyValue("worker", id).setCause(e).log("reading from a worker failed");
            end = "could not be read from: " + e;
        }
        keeper.gone(this, bury(end));
    }

    private FrameChannel connect() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket), 1);
            server = listening;
            WorkerProcess launched = launcher.launch(shape, socket, token);
            process = launched;
            launched.onExit(() -> closeQuietly(listening));
            if (killedFor != null) {
                throw new IOException("killed before it connected");
            }
            // While the process starts there is time to load what its first result would otherwise wait for.
            OutputText.prepare();
            SocketChannel accepted = listening.accept();
            FrameChannel connected = new FrameChannel(accepted);
            channel = connected;
            return connected;
        } finally {
            server = null;
            Files.deleteIfExists(socket);
        }
    }

    private void shakeHands(FrameChannel connected) throws IOException {
        WorkerProcess launched = process;
        if (!(connected.receive() instanceof Hello hello)) {
            throw new ProtocolException("the first message is no greeting");
        }
        if (hello.protocolVersion() != Message.PROTOCOL_VERSION) {
            throw new ProtocolException("protocol version " + hello.protocolVersion() + " where this program speaks "
                    + Message.PROTOCOL_VERSION + "; parent and worker are from different builds");
        }
        if (launched == null
                || hello.pid() != launched.pid()
                || !MessageDigest.isEqual(
                        hello.token().getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            throw new ProtocolException("somebody else than the worker connected");
        }
        connected.send(new Start(settings.codeCacheEntries()));
        if (!(connected.receive() instanceof Ready ready)) {
            throw new ProtocolException("the second message does not say that it is ready");
        }
        String engine = ready.engine();
        readiness = new Readiness(
                engine.substring(0, Math.min(engine.length(), MAX_ENGINE_NAME)),
                ready.compiler(),
                Math.max(0, ready.liveHeapBytes()),
                figures.residentBytes(launched.pid()));
        lastHeard = System.nanoTime();
        lastPing = lastHeard;
    }

    private String listen(FrameChannel connected) throws IOException {
        Message message = connected.receive();
        while (message != null) {
            long now = System.nanoTime();
            lastHeard = now;
            if (!(message instanceof Message.FromWorker fromWorker)) {
                throw new ProtocolException("a message that only a parent sends");
            }
            handle(fromWorker, now);
            message = connected.receive();
        }
        return "closed its connection";
    }

    private void handle(Message.FromWorker message, long now) throws ProtocolException {
        switch (message) {
            case Hello _, Ready _ -> throw new ProtocolException("greets twice");
            case Pong(long number) -> {
                if (number > pingNumber || number < 1) {
                    throw new ProtocolException("answers a question that was not asked");
                }
            }
            case Ended ended -> ended(ended, now);
            case Inspected inspected -> {
                if (!(assignments.get(inspected.runId()) instanceof Inspection inspection)) {
                    throw unknown(inspected.runId());
                }
                assignments.remove(inspected.runId());
                keeper.released(this, inspection, true);
                inspection.inspected(inspected);
            }
            case FetchOpen open -> fetches(open.runId()).open(open);
            case FetchChunk chunk -> fetches(chunk.runId()).chunk(chunk);
            case FetchAborted aborted -> fetches(aborted.runId()).aborted(aborted);
            case Log line -> {
                RunVoice voice = run(line.runId()).voice();
                whileTelling(() -> voice.log(line));
            }
            case Progress progress -> {
                RunVoice voice = run(progress.runId()).voice();
                whileTelling(() -> voice.progress(progress, now));
            }
        }
    }

    /** Something that a worker said, handed to a listener. */
    @FunctionalInterface
    private interface Telling {
        void run() throws ProtocolException;
    }

    /** A listener that takes its time keeps this thread from reading, for which the worker is not to blame. */
    private void whileTelling(Telling words) throws ProtocolException {
        telling = true;
        try {
            words.run();
        } finally {
            lastHeard = System.nanoTime();
            telling = false;
        }
    }

    private void ended(Ended ended, long now) throws ProtocolException {
        Assignment assignment = assignment(ended.runId());
        boolean heapExhausted = ended.ending() instanceof Ending.HeapExhausted;
        boolean reusable = !heapExhausted && !(ended.ending() instanceof Ending.StackExhausted);
        if (heapExhausted && assignments.size() > 1) {
            // Nobody can tell whose memory it is; each gets a worker of its own.
            kill("ran out of heap");
            return;
        }
        if (ended.ending() instanceof Ending.HeapExhausted(long live)) {
            Readiness ready = readiness;
            long grown = live - (ready == null ? 0 : ready.liveHeapBytes());
            assignment.blame(new StopCause.Limit(LimitKind.MEMORY, Math.max(0, grown), assignment.memoryBytes()));
        }
        switch (assignment) {
            case Run run -> ended(run, ended, reusable, now);
            case Inspection inspection -> {
                if (inspection.cause() == null) {
                    throw new ProtocolException("runs what was only to be looked at");
                }
                assignments.remove(ended.runId());
                keeper.released(this, inspection, reusable);
                inspection.inspected(new Inspected(ended.runId(), List.of()));
            }
        }
    }

    private void ended(Run run, Ended ended, boolean reusable, long now) throws ProtocolException {
        ExecutionResult result = run.ended(ended, now);
        assignments.remove(ended.runId());
        keeper.released(this, run, reusable);
        run.complete(result, now);
    }

    private Assignment assignment(long runId) throws ProtocolException {
        Assignment assignment = assignments.get(runId);
        if (assignment == null) {
            throw unknown(runId);
        }
        return assignment;
    }

    /** The run of that number; code that is only looked at has nothing to say and no network. */
    private Run run(long runId) throws ProtocolException {
        return switch (assignment(runId)) {
            case Run run -> run;
            case Inspection _ -> throw new ProtocolException("lets code act that was only to be looked at");
        };
    }

    private RunFetches fetches(long runId) throws ProtocolException {
        RunFetches fetches = run(runId).fetches();
        if (fetches == null) {
            throw new ProtocolException("a request of a run that has not begun");
        }
        return fetches;
    }

    private static ProtocolException unknown(long runId) {
        return new ProtocolException("speaks of run " + runId + ", which it does not have");
    }

    /** Makes sure that the process is gone and tells how it went. */
    private Death bury(String end) {
        WorkerProcess launched = process;
        boolean wasReady = readiness != null;
        String why = killedFor;
        if (launched == null) {
            return new Death(
                    "worker " + id + " could not be started: " + (why == null ? end : why), false, false, wasReady);
        }
        // A process that is on its way out by itself has a moment to leave its exit code and last words.
        boolean leaving = why == null && !end.startsWith(BREACH);
        OptionalInt exit = awaitExit(launched, leaving ? LAST_WORDS_WAIT : Duration.ZERO);
        boolean own = exit.isPresent();
        launched.kill();
        if (!own) {
            exit = awaitExit(launched, EXIT_WAIT);
        }
        FrameChannel connected = channel;
        if (connected != null) {
            closeQuietly(connected);
        }
        if (exit.isEmpty()) {
            log.atError()
                    .addKeyValue("worker", id)
                    .addKeyValue("pid", launched.pid())
                    .log("a worker cannot be killed");
        }
        String output = launched.lastOutput();
        boolean outOfMemory = own && OUT_OF_MEMORY_EXITS.contains(exit.getAsInt());
        StringBuilder detail = new StringBuilder("worker " + id + " (process " + launched.pid() + ") ");
        if (why != null) {
            detail.append(why);
        } else if (own) {
            detail.append(exitText(exit.getAsInt()));
            if (end.startsWith(BREACH)) {
                detail.append(" and ").append(end);
            }
        } else {
            detail.append(end);
        }
        if (!output.isEmpty()) {
            detail.append("; its last output: ").append(output);
        }
        boolean broken = own && exit.getAsInt() == BROKEN_EXIT;
        return new Death(detail.toString(), outOfMemory, broken, wasReady);
    }

    private static OptionalInt awaitExit(WorkerProcess launched, Duration atMost) {
        try {
            return launched.awaitExit(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    private static String exitText(int code) {
        if (code <= 128) {
            return "ended with exit code " + code;
        }
        return "was ended by signal " + (code - 128)
                + switch (code - 128) {
                    case 6 -> " (SIGABRT)";
                    case 9 -> " (SIGKILL)";
                    case 11 -> " (SIGSEGV)";
                    case 15 -> " (SIGTERM)";
                    default -> "";
                };
    }

    /** Takes an assignment; the caller holds the pool's lock and calls {@link #dispatch} after letting it go. */
    void accept(Assignment assignment, long runId, long now) {
        assignment.begin(this, runId, now);
        assignments.put(runId, assignment);
    }

    /** Tells the process about an accepted assignment. */
    void dispatch(Assignment assignment) {
        FrameChannel connected = channel;
        if (connected == null) {
            kill("has no connection");
            return;
        }
        // An interrupted thread would close the connection by using it; its interrupt concerns somebody else.
        boolean interrupted = Thread.interrupted();
        dispatching.lock();
        try {
            for (Message message : mirror.require(assignment.hash(), assignment.code())) {
                connected.send(message);
            }
            assignment.announced(assignment.attempts());
            connected.send(assignment.order(assignment.runId(), assignment.attempts()));
            assignment.delivered();
        } catch (IOException e) {
            kill("could not be written to: " + e.getMessage());
        } finally {
            dispatching.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sends on the calling thread; does nothing when the process is gone, which its reader notices by itself. */
    void send(Message.ToWorker message) {
        FrameChannel connected = channel;
        if (connected == null) {
            return;
        }
        try {
            connected.send(message);
        } catch (IOException e) {
            kill("could not be written to: " + e.getMessage());
        }
    }

    /** Sends without making the caller wait for a process that does not read. */
    void sendSoon(Message.ToWorker message) {
        Thread.ofVirtual().name("ratchet-worker-send-" + id).start(() -> send(message));
    }

    /** Kills the process; its own thread sees to the rest. Only the first reason counts. */
    void kill(String reason) {
        synchronized (this) {
            if (killedFor == null) {
                killedFor = reason;
            }
        }
        WorkerProcess launched = process;
        if (launched != null) {
            launched.kill();
        }
        ServerSocketChannel listening = server;
        if (listening != null) {
            closeQuietly(listening);
        }
    }

    /** Asks an idle process to end; it is killed if it does not. */
    void retire(long now) {
        stopBy = now + STOP_GRACE_NANOS;
        sendSoon(new Shutdown());
        keeper.lookBy(stopBy);
    }

    void lookAgainBy(long deadline) {
        keeper.lookBy(deadline);
    }

    /**
     * Looks after start, heartbeat, memory and the limits of what is under way.
     *
     * @return when to look again at the latest
     */
    long look(long now) {
        if (now - stopBy >= 0 && stopBy != Long.MAX_VALUE) {
            kill("did not end when told to");
            return Long.MAX_VALUE;
        }
        Readiness ready = readiness;
        if (ready == null) {
            long due = launchedAt + settings.health().startTimeout().toNanos();
            if (now - due >= 0) {
                kill("was not ready within " + settings.health().startTimeout().toMillis() + " ms");
                return Long.MAX_VALUE;
            }
            return due;
        }
        long due = lookAtHeartbeat(now);
        if (!assignments.isEmpty()) {
            lookAtMemory(ready);
            for (Assignment assignment : assignments.values()) {
                due = earlier(due, assignment.look(now, figures));
            }
            due = earlier(due, now + settings.health().samplingInterval().toNanos());
        }
        return earlier(due, stopBy);
    }

    /** The earlier of two deadlines, where {@link Long#MAX_VALUE} stands for none. */
    static long earlier(long a, long b) {
        if (a == Long.MAX_VALUE) {
            return b;
        }
        if (b == Long.MAX_VALUE) {
            return a;
        }
        return a - b <= 0 ? a : b;
    }

    private long lookAtHeartbeat(long now) {
        long interval = settings.health().heartbeatInterval().toNanos();
        long tolerance = settings.health().heartbeatTolerance().toNanos();
        if (!telling && lastHeard - lastPing < 0) {
            // Asked and not heard of since.
            if (now - lastPing >= tolerance) {
                kill("did not answer for "
                        + settings.health().heartbeatTolerance().toMillis() + " ms");
                return Long.MAX_VALUE;
            }
            return lastPing + tolerance;
        }
        if (now - lastPing >= interval) {
            lastPing = now;
            noteCpu(now);
            long number = pingNumber + 1;
            pingNumber = number;
            sendSoon(new Ping(number));
            return now + Math.min(tolerance, interval);
        }
        return lastPing + interval;
    }

    /** So that the fraction somebody asks for is one of the last moments and not of a whole life. */
    private void noteCpu(long now) {
        WorkerProcess launched = process;
        long cpu = launched == null ? ProcessFigures.UNKNOWN : figures.processCpuNanos(launched.pid());
        if (cpu != ProcessFigures.UNKNOWN) {
            cpuMeter.fraction(now, cpu);
        }
    }

    private void lookAtMemory(Readiness ready) {
        WorkerProcess launched = process;
        if (launched == null || ready.residentBytes() == ProcessFigures.UNKNOWN) {
            return;
        }
        long resident = figures.residentBytes(launched.pid());
        long allowed = shape.memoryBytes() * settings.sizing().slots();
        long grown = resident - ready.residentBytes();
        if (resident == ProcessFigures.UNKNOWN
                || grown <= allowed + settings.memory().marginBytes(shape.profile())) {
            return;
        }
        List<Assignment> all = List.copyOf(assignments.values());
        if (all.size() == 1) {
            all.getFirst().blame(new StopCause.Limit(LimitKind.MEMORY, grown, shape.memoryBytes()));
        }
        kill("grew to " + resident + " bytes of resident memory, " + grown + " more than when it was ready");
    }

    /** Processor time in nanoseconds of the thread that has this run. */
    long guestCpuNanos(long runId, ProcessFigures from) {
        WorkerProcess launched = process;
        return launched == null
                ? ProcessFigures.UNKNOWN
                : from.threadCpuNanos(launched.pid(), Message.guestThreadName(runId));
    }

    /** What is under way, and nothing any more once it was taken from here. */
    List<Assignment> takeAssignments() {
        List<Assignment> taken = new ArrayList<>();
        for (Long runId : List.copyOf(assignments.keySet())) {
            Assignment assignment = assignments.remove(runId);
            if (assignment != null) {
                taken.add(assignment);
            }
        }
        return taken;
    }

    /** What is under way. */
    List<Assignment> assignments() {
        return List.copyOf(assignments.values());
    }

    /** Whether it has lived as long as it may. */
    boolean isWornOut(long now) {
        return runs >= settings.recycling().afterRuns()
                || now - launchedAt >= settings.recycling().afterTime().toNanos();
    }

    /** A snapshot without what only the system tells; the caller holds the pool's lock. */
    WorkerInfo info() {
        WorkerProcess launched = process;
        Readiness ready = readiness;
        List<UUID> executions = new ArrayList<>();
        for (Assignment assignment : assignments.values()) {
            switch (assignment) {
                case Run run -> executions.add(run.executionId());
                case Inspection _ -> {
                    // Has no identifier of its own.
                }
            }
        }
        return new WorkerInfo(
                id,
                launched == null ? -1 : launched.pid(),
                shape.profile(),
                ready == null ? "" : ready.engine(),
                ready != null && ready.compiler(),
                state,
                shape.memoryBytes(),
                runs,
                null,
                null,
                null,
                ready == null ? 0 : ready.liveHeapBytes(),
                startedAt,
                null,
                executions);
    }

    /** A snapshot with what the system tells of the process now. */
    WorkerInfo measured(WorkerInfo info, Instant now) {
        WorkerProcess launched = process;
        if (launched == null) {
            return info;
        }
        long cpu = figures.processCpuNanos(launched.pid());
        long resident = figures.residentBytes(launched.pid());
        long nanoTime = System.nanoTime();
        return info.measured(
                cpu == ProcessFigures.UNKNOWN ? null : Duration.ofNanos(cpu),
                cpu == ProcessFigures.UNKNOWN ? null : cpuMeter.fraction(nanoTime, cpu),
                resident == ProcessFigures.UNKNOWN ? null : resident,
                readiness == null ? null : now.minusNanos(Math.max(0, nanoTime - lastHeard)));
    }

    private void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            log.atDebug().addKeyValue("worker", id).setCause(e).log("closing a worker's socket failed");
        }
    }
}
