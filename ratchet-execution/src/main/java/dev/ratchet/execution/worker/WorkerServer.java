package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.ProtocolException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Serves a parent: reads its frames, starts runs on guest threads and passes on what concerns them. The reading thread
 * runs no guest code and waits for none, so it answers and notices the end of the connection whatever a task does.
 */
final class WorkerServer {
    private final FrameChannel channel;
    private final FrameSender sender;
    private final ScriptEngine engine;
    private final int codeCacheEntries;
    private final InstantSource time;
    private final BooleanSupplier idleWork;
    private final Consumer<Throwable> onFailure;
    private final ThreadCpu cpu = new ThreadCpu();
    private final Map<String, Script> scripts = new HashMap<>();
    private final Map<Long, ActiveRun> runs = new ConcurrentHashMap<>();
    private final Deque<GuestThread> idle = new ArrayDeque<>();
    private int guestThreads;
    private volatile boolean exhausted;

    /** Whether a run has ended in this process. */
    private volatile boolean used;

    /** What a guest thread does for a message. */
    @FunctionalInterface
    private interface Work {
        Message result(ActiveRun active);
    }

    /**
     * @param codeCacheEntries how many scripts the parent may have loaded at once
     * @param time the time of day for code that is only inspected
     * @param idleWork called on a guest thread that has nothing to run, until it returns false
     * @param onFailure told, on any thread, that the worker itself has failed; has to end the process
     */
    WorkerServer(
            FrameChannel channel,
            ScriptEngine engine,
            int codeCacheEntries,
            InstantSource time,
            BooleanSupplier idleWork,
            Consumer<Throwable> onFailure) {
        this.channel = channel;
        this.sender = new FrameSender(channel);
        this.engine = engine;
        this.codeCacheEntries = codeCacheEntries;
        this.time = time;
        this.idleWork = idleWork;
        this.onFailure = onFailure;
        idle.addFirst(newGuestThread());
    }

    /**
     * Serves until the connection ends, or until the parent has said {@link Message.Shutdown} and no run is active.
     *
     * @throws ProtocolException when the parent breaks the rules
     */
    void serve() throws IOException {
        while (true) {
            Message message = channel.receive();
            if (message == null || (message instanceof Message.Shutdown && runs.isEmpty())) {
                return;
            }
            accept(message);
        }
    }

    private void accept(Message message) throws IOException {
        switch (message) {
            case Message.LoadCode load -> load(load);
            case Message.UnloadCode unload -> scripts.remove(unload.hash());
            case Message.Execute execute -> execute(execute);
            case Message.Inspect inspect -> inspect(inspect);
            case Message.FetchHead head -> pass(head.runId(), head);
            case Message.FetchFailed failed -> pass(failed.runId(), failed);
            case Message.FetchChunk chunk -> pass(chunk.runId(), chunk);
            case Message.Abort abort -> pass(abort.runId(), abort);
            case Message.Terminate terminate -> {
                ActiveRun active = runs.get(terminate.runId());
                if (active != null) {
                    active.terminate();
                }
            }
            case Message.Ping ping -> channel.send(new Message.Pong(ping.number()));
            case Message.Shutdown _ -> throw new ProtocolException("Shutdown while a run is active");
            case Message.Start _ -> throw new ProtocolException("Start came twice");
            case Message.FromWorker _ ->
                throw new ProtocolException(message.getClass().getSimpleName() + " is for the other side");
        }
    }

    private void load(Message.LoadCode load) throws ProtocolException {
        if (scripts.size() >= codeCacheEntries && !scripts.containsKey(load.hash())) {
            throw new ProtocolException("more scripts loaded than the announced " + codeCacheEntries);
        }
        scripts.put(load.hash(), engine.load(load));
    }

    private Script script(String hash) throws ProtocolException {
        Script script = scripts.get(hash);
        if (script == null) {
            throw new ProtocolException("code " + hash + " was not loaded");
        }
        return script;
    }

    private void pass(long runId, Message message) {
        ActiveRun active = runs.get(runId);
        // Messages cross: the run may have ended before the parent knew.
        if (active != null) {
            active.inbox().offer(message);
        }
    }

    private void execute(Message.Execute request) throws IOException {
        Script script = script(request.hash());
        if (exhausted) {
            channel.send(new Message.Ended(request.runId(), new Message.Ending.HeapExhausted(0), 0, 0, null));
            return;
        }
        begin(request.runId(), active -> {
            long cpuBefore = cpu.nanos();
            ScriptRun run = engine.open(script, active.inbox());
            // A run that was terminated before it began is given the same treatment: its context is closed at once.
            if (!active.attach(run)) {
                run.terminate();
            }
            RunEnd end = run.execute(request);
            switch (end.ending()) {
                case Message.Ending.HeapExhausted _ -> exhausted = true;
                case Message.Ending.StackExhausted(boolean perhapsEarlier) -> {
                    if (perhapsEarlier && used) {
                        // The parent gives an innocent run another worker.
                        throw new EngineFailure("an earlier run or this one exhausted the stack", null);
                    }
                    exhausted = true;
                }
                case Message.Ending.Returned _,
                        Message.Ending.Threw _,
                        Message.Ending.NoJson _,
                        Message.Ending.TooLarge _,
                        Message.Ending.BadCode _,
                        Message.Ending.Stopped _ -> {
                    // The worker is as good as before.
                }
            }
            used = true;
            return new Message.Ended(
                    request.runId(), end.ending(), cpu.nanos() - cpuBefore, end.droppedLogBytes(), end.trace());
        });
    }

    private void inspect(Message.Inspect request) throws ProtocolException {
        Script script = script(request.hash());
        begin(request.runId(), active -> {
            ScriptRun run = engine.open(script, active.inbox());
            if (!active.attach(run)) {
                run.terminate();
            }
            long ticks = time.millis() * RunClock.TICKS_PER_MILLI;
            return new Message.Inspected(request.runId(), run.inspect(ticks));
        });
    }

    private void begin(long runId, Work work) throws ProtocolException {
        ActiveRun active = new ActiveRun(new RunInbox(runId, sender));
        if (runs.putIfAbsent(runId, active) != null) {
            throw new ProtocolException("run " + runId + " is under way already");
        }
        GuestThread thread = idleThread();
        thread.submit(() -> {
            Thread.currentThread().setName(Message.guestThreadName(runId));
            Message result = work.result(active);
            runs.remove(runId);
            // Before the parent can know that there is an idle thread.
            release(thread);
            // Left over from an engine that stopped the run by force; it would close the connection.
            var _ = Thread.interrupted();
            try {
                channel.send(result);
            } catch (IOException e) {
                // The thread that reads frames notices that the parent has gone, and ends the process.
                return;
            }
        });
    }

    private GuestThread idleThread() {
        synchronized (idle) {
            GuestThread thread = idle.pollFirst();
            return thread == null ? newGuestThread() : thread;
        }
    }

    private GuestThread newGuestThread() {
        return new GuestThread(++guestThreads, this::afterRun, idleWork, onFailure);
    }

    private void release(GuestThread thread) {
        synchronized (idle) {
            idle.addFirst(thread);
        }
    }

    private void afterRun() {
        if (!exhausted) {
            engine.prepare();
        }
    }
}
