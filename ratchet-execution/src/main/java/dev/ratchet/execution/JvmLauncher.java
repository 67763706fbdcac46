package dev.ratchet.execution;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Starts workers as virtual machines with an empty environment, every memory area capped, and nothing of the JVM's own
 * on standard output.
 */
final class JvmLauncher implements WorkerLauncher {
    private static final Duration LAST_WORDS_WAIT = Duration.ofMillis(200);
    private static final long MIB = 1024L * 1024L;

    private final WorkerClasspath classpath;
    private final WorkerPoolSettings settings;
    private final Path directory;

    /** Launches in {@code directory}, which belongs to this pool alone. */
    JvmLauncher(WorkerClasspath classpath, WorkerPoolSettings settings, Path directory) {
        this.classpath = classpath;
        this.settings = settings;
        this.directory = directory;
    }

    @Override
    public WorkerProcess launch(Shape shape, Path socket, String token) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(shape, socket))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        Process process = builder.start();
        OutputTail tail = new OutputTail(process.getInputStream());
        Thread drain = Thread.ofPlatform()
                .daemon()
                .name("ratchet-worker-output-" + process.pid())
                .start(tail);
        try {
            // It stays open: its end tells the worker, whatever that is just doing, that this process is no more.
            OutputStream stdin = process.getOutputStream();
            stdin.write((token + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It died at once, which its exit code and output explain better than a broken pipe does.
            process.destroyForcibly();
        }
        return new JvmProcess(process, tail, drain);
    }

    List<String> command(Shape shape, Path socket) {
        List<String> command = new ArrayList<>();
        command.add(classpath.java().toString());
        command.addAll(options(shape));
        command.addAll(classpath.entry());
        command.add(socket.toString());
        return command;
    }

    private List<String> options(Shape shape) {
        boolean jit = shape.profile() == WorkerProfile.JIT;
        long baseline = settings.memory().baselineBytes(shape.profile());
        long heap = baseline + shape.memoryBytes() * settings.sizing().slots();
        List<String> options = new ArrayList<>(List.of(
                "-Xmx" + (heap + MIB - 1) / MIB + "m",
                "-Xms" + (jit ? 48 : 20) + "m",
                "-XX:+UseSerialGC",
                // What the compilers needed and have freed goes back to the system instead of staying resident.
                "-XX:TrimNativeHeapInterval=1000",
                "-XX:MaxDirectMemorySize=16m",
                // What task code cannot make grow far, but must not grow without end either.
                "-XX:MaxMetaspaceSize=" + (jit ? 256 : 128) + "m",
                "-XX:CompressedClassSpaceSize=" + (jit ? 64 : 32) + "m",
                "-XX:ReservedCodeCacheSize=" + (jit ? 128 : 48) + "m",
                // The JVM itself writes to standard output and into files unless it is told not to.
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-XX:+DisableAttachMechanism",
                // The engine uses it; without this the JVM fills a worker's standard error with warnings about it.
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + directory,
                "-Djdk.nio.maxCachedBufferSize=262144"));
        if (jit) {
            classpath.compiler().ifPresent(jars -> {
                options.add("-XX:+UnlockExperimentalVMOptions");
                options.add("-XX:+EnableJVMCI");
                options.add("--upgrade-module-path=" + jars);
            });
        } else {
            // The young generation is touched from end to end however little is alive; it grows with the heap.
            options.add("-XX:NewSize=4m");
            // The second compiler begins later, at four times its thresholds: while a worker starts, it takes processor
            // time from the start and seldom finishes what would serve it.
            options.add("-XX:Tier4InvocationThreshold=20000");
            options.add("-XX:Tier4MinInvocationThreshold=2400");
            options.add("-XX:Tier4CompileThreshold=60000");
            options.add("-XX:Tier4BackEdgeThreshold=160000");
            classpath.archive().ifPresent(archive -> options.add("-XX:AOTCache=" + archive));
        }
        return options;
    }

    private record JvmProcess(Process process, OutputTail tail, Thread drain) implements WorkerProcess {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void kill() {
            // Not through the process itself, which would close its output before it has been read.
            process.toHandle().destroyForcibly();
        }

        @Override
        public OptionalInt awaitExit(Duration atMost) throws InterruptedException {
            return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        }

        @Override
        public void onExit(Runnable action) {
            var _ = process.onExit().thenRun(action);
        }

        @Override
        public String lastOutput() {
            if (!process.isAlive()) {
                try {
                    // Its last words may still be in the pipe.
                    drain.join(LAST_WORDS_WAIT.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return tail.text();
        }
    }
}
