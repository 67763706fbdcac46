package dev.ratchet.execution.worker;

import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/** A context with all of a task's globals in which no task has run yet. */
final class FreshContext implements AutoCloseable {
    private static final int BEGIN = 0;
    private static final int EXPORTED = 1;
    private static final int FUNCTION_IN = 2;
    private static final int RUN = 3;
    private static final int LOAD = 4;
    private static final int FAIL = 5;
    private static final int SUMMARY = 6;

    private final Consumer<Error> onFatal;
    private final Context context;
    private final Compatibility compatibility;
    private final HostCallsRelay host = new HostCallsRelay();
    private final PackageFileSystem fileSystem = new PackageFileSystem();
    private final GuestRealm realm;
    private final Value entry;
    private @Nullable ProxyExecutable reports;

    FreshContext(
            Engine engine,
            PreludeInstaller installer,
            Source entrySource,
            Compatibility compatibility,
            Consumer<Error> onFatal) {
        this.onFatal = onFatal;
        this.compatibility = compatibility;
        this.context = Context.newBuilder("js")
                .engine(engine)
                .allowHostAccess(HostAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .allowIO(IOAccess.newBuilder().fileSystem(fileSystem).build())
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowNativeAccess(false)
                .allowHostClassLoading(false)
                .allowInnerContextOptions(false)
                .build();
        this.realm = installer.install(context, host, compatibility);
        this.entry = context.eval(entrySource).execute((ProxyExecutable) this::report);
    }

    private @Nullable Object report(Value... arguments) {
        if (reports == null) {
            throw new IllegalStateException("no run has begun in this context");
        }
        try {
            return reports.execute(arguments);
        } catch (OutOfMemoryError | LinkageError e) {
            onFatal.accept(e);
            throw e;
        }
    }

    /** Gives the context to a run; before anything else. */
    void bind(HostCalls run, PackageFiles files, ProxyExecutable receiver) {
        host.bind(run);
        fileSystem.mount(files);
        reports = receiver;
    }

    Context context() {
        return context;
    }

    Compatibility compatibility() {
        return compatibility;
    }

    GuestRealm realm() {
        return realm;
    }

    /** Why an import found no file, null if all found theirs. */
    @Nullable
    String refusal() {
        return fileSystem.refusal();
    }

    // The functions of entry.js.

    void begin(@Nullable String secrets, @Nullable String commonJsPath) {
        entry.getArrayElement(BEGIN).executeVoid(secrets, commonJsPath);
    }

    Value exported() {
        return entry.getArrayElement(EXPORTED).execute();
    }

    Value functionIn(Value value) {
        return entry.getArrayElement(FUNCTION_IN).execute(value);
    }

    void run(Value main, String input, Value taskContext) {
        entry.getArrayElement(RUN).executeVoid(main, input, taskContext);
    }

    void load(String modulePath) {
        entry.getArrayElement(LOAD).executeVoid(modulePath);
    }

    void fail(Value thrown) {
        entry.getArrayElement(FAIL).executeVoid(thrown);
    }

    String summary(Value thrown) {
        return entry.getArrayElement(SUMMARY).execute(thrown).asString();
    }

    @Override
    public void close() {
        context.close(true);
    }
}
