package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.jspecify.annotations.Nullable;

/** GraalJS: one engine whose compiled code all runs share, and a context for each run. */
final class GraalScriptEngine implements ScriptEngine {
    /** On top of what the prelude needs. */
    private static final Map<String, String> OPTIONS = Map.of(
            // It is known that without the compiler code is interpreted; the parent decides which of the two runs.
            "engine.WarnInterpreterOnly", "false",
            // Buffers have to count as heap, or the heap's limit would not limit them.
            "js.direct-byte-buffer", "false",
            // For setUnhandledPromiseRejectionHandler; entry.js removes the global before the task can see it.
            "js.graal-builtin", "true",
            "js.unhandled-rejections", "handler",
            "js.json-modules", "true",
            "js.stack-trace-limit", "20");

    private final Engine engine;
    private final PreludeInstaller installer;
    private final Consumer<Error> onFatal;
    private final Source entrySource = entrySource();
    private final Source mainSource = Source.newBuilder(
                    "js", "typeof main === 'function' ? main : undefined", "ratchet:main.js")
            .internal(true)
            .buildLiteral();
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable FreshContext> prepared = new AtomicReference<>();

    /** @param onFatal told of errors that leave the process unsound, on the guest's thread; ends it */
    GraalScriptEngine(LongSupplier nanoTime, Consumer<Error> onFatal) {
        this.onFatal = onFatal;
        this.installer = new PreludeInstaller(onFatal);
        this.nanoTime = nanoTime;
        this.engine = Engine.newBuilder("js")
                .allowExperimentalOptions(true)
                .options(Prelude.ENGINE_OPTIONS)
                .options(OPTIONS)
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
    }

    private static Source entrySource() {
        try (InputStream in = GraalScriptEngine.class.getResourceAsStream("entry.js")) {
            if (in == null) {
                throw new IllegalStateException("entry.js: not found beside " + GraalScriptEngine.class.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Source.newBuilder("js", text, "ratchet:entry.js")
                    .internal(true)
                    .buildLiteral();
        } catch (IOException e) {
            throw new UncheckedIOException("entry.js: cannot be read", e);
        }
    }

    @Override
    public String description() {
        // The engine calls itself a development build; its jar knows better.
        String version = Engine.class.getPackage().getImplementationVersion();
        return "GraalJS " + (version == null ? engine.getVersion() : version) + " (" + engine.getImplementationName()
                + ")";
    }

    @Override
    public boolean compiles() {
        return !engine.getImplementationName().contains("Interpreted");
    }

    @Override
    public Script load(Message.LoadCode code) {
        return new GraalScript(code);
    }

    @Override
    public ScriptRun open(Script script, RunHost host) {
        if (!(script instanceof GraalScript own)) {
            throw new IllegalArgumentException("script: made by another engine, " + script.getClass());
        }
        return new GraalRun(own, fresh(own.compatibility()), mainSource, host, nanoTime);
    }

    private FreshContext fresh(Compatibility compatibility) {
        FreshContext ready = prepared.getAndSet(null);
        if (ready != null) {
            if (ready.compatibility() == compatibility) {
                return ready;
            }
            ready.close();
        }
        return new FreshContext(engine, installer, entrySource, compatibility, onFatal);
    }

    @Override
    public void prepare() {
        if (prepared.get() == null) {
            FreshContext ready = new FreshContext(engine, installer, entrySource, Compatibility.CURRENT, onFatal);
            if (!prepared.compareAndSet(null, ready)) {
                ready.close();
            }
        }
    }

    @Override
    public void close() {
        FreshContext ready = prepared.getAndSet(null);
        if (ready != null) {
            ready.close();
        }
        engine.close(true);
    }
}
