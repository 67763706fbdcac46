package dev.ratchet.execution.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/** A context with the prelude, a clock that moves only with its timers, and an event loop of a few lines. */
final class GuestFixture implements AutoCloseable, HostCalls {

    static final double START = 1_767_225_600_000.0; // 2026-01-01T00:00:00Z

    private static final Engine ENGINE = engine();
    private static final PreludeInstaller INSTALLER = new PreludeInstaller(_ -> {});
    private static final int MAX_TURNS = 10_000;

    final List<FetchInit> fetches = new ArrayList<>();
    final List<Long> aborted = new ArrayList<>();
    final List<String> logs = new ArrayList<>();
    final List<String> progress = new ArrayList<>();
    final List<String> uncaught = new ArrayList<>();
    Function<FetchInit, FetchAnswer> server = init -> new FetchAnswer.Failed("ECONNREFUSED", "connection refused");

    final Context context;
    final GuestRealm realm;

    private record Timer(long id, double due, double interval, boolean repeat) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingDouble(Timer::due).thenComparingLong(Timer::id));
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private double elapsed;
    private long nextId = 1;
    private int nextByte;

    GuestFixture() {
        this(Compatibility.CURRENT);
    }

    GuestFixture(Compatibility compatibility) {
        context = Context.newBuilder("js")
                .engine(ENGINE)
                .allowHostAccess(HostAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowIO(IOAccess.NONE)
                .build();
        realm = INSTALLER.install(context, this, compatibility);
    }

    static Engine engine() {
        var builder =
                Engine.newBuilder("js").allowExperimentalOptions(true).option("engine.WarnInterpreterOnly", "false");
        Prelude.ENGINE_OPTIONS.forEach(builder::option);
        return builder.build();
    }

    static FetchAnswer.Received answer(int status, String body, String... headers) {
        var fields = new ArrayList<HeaderField>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(new HeaderField(headers[i], headers[i + 1]));
        }
        return new FetchAnswer.Received(
                status,
                "",
                "http://example.com/",
                false,
                fields,
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Runs the body of an async function and gives what it returns, as text; what it throws becomes the text too. */
    String run(String body) {
        var outcome = new String[1];
        Value start = evaluate(
                "(done) => { (async () => {\n" + body
                        + "\n})().then((v) => done(typeof v === 'string' ? v : JSON.stringify(v) ?? String(v)), (e) => done("
                        + "e instanceof Error || e?.name !== undefined ? `${e.name}: ${e.message}` : `thrown ${String(e)}`)); }");
        start.executeVoid((ProxyExecutable) args -> {
            outcome[0] = args[0].asString();
            return null;
        });
        for (int turn = 0; outcome[0] == null && turn < MAX_TURNS; turn++) {
            if (!turn()) {
                throw new AssertionError("nothing left to wait for, and the promise is pending");
            }
        }
        return outcome[0];
    }

    Value evaluate(String script) {
        return context.eval(Source.newBuilder("js", script, "task.js").buildLiteral());
    }

    /** One turn of the loop; false if there is nothing to do. */
    boolean turn() {
        if (!answers.isEmpty()) {
            answers.poll().run();
            return true;
        }
        Timer timer = timers.poll();
        if (timer == null) {
            return false;
        }
        elapsed = Math.max(elapsed, timer.due());
        if (timer.repeat()) {
            timers.add(new Timer(timer.id(), elapsed + Math.max(timer.interval(), 1), timer.interval(), true));
        }
        try {
            realm.fireTimer(timer.id());
        } catch (PolyglotException e) {
            uncaught.add(e.getMessage());
        }
        return true;
    }

    void passTime(double millis) {
        elapsed += millis;
    }

    @Override
    public long fetchStart(FetchInit init) {
        fetches.add(init);
        long id = nextId++;
        answers.add(() -> realm.settleFetch(id, server.apply(init)));
        return id;
    }

    @Override
    public void fetchAbort(long id) {
        aborted.add(id);
    }

    @Override
    public FetchAnswer fetchBlocking(FetchInit init) {
        fetches.add(init);
        return server.apply(init);
    }

    @Override
    public long timerStart(double delayMillis, boolean repeat) {
        long id = nextId++;
        timers.add(new Timer(id, elapsed + delayMillis, delayMillis, repeat));
        return id;
    }

    @Override
    public void timerClear(long id) {
        timers.removeIf(timer -> timer.id() == id);
    }

    @Override
    public double now() {
        return START + elapsed;
    }

    @Override
    public double performanceNow() {
        return elapsed;
    }

    @Override
    public double timeOrigin() {
        return START;
    }

    @Override
    public double random() {
        return 0.25;
    }

    @Override
    public void randomBytes(byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) nextByte++;
        }
    }

    @Override
    public void log(String level, String message) {
        logs.add(level + " " + message);
    }

    @Override
    public void progress(double fraction, String message) {
        progress.add(fraction + " " + message);
    }

    @Override
    public void uncaught(Value thrown) {
        uncaught.add(thrown.isString() ? thrown.asString() : thrown.toString());
    }

    @Override
    public void close() {
        context.close(true);
    }
}
