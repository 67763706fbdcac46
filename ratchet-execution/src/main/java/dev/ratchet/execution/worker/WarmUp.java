package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs small tasks before a worker is called ready, and more while it waits for its first real one, so that real tasks
 * find the engine loaded. They take the same path as real ones and touch what most tasks touch. One guest thread at a
 * time.
 */
final class WarmUp {
    private static final String NOTHING = "function main(input) { return input }";

    static final String COMMON = """
            function main(input, context) {
              const list = input.items.map((x) => ({ id: x, name: `item ${x}` })).filter((x) => x.id > 1);
              let sum = 0;
              for (const { id } of list) sum += id;
              const words = 'a b c'.split(' ').map((w) => w.toUpperCase()).join('-').replace(/-/g, '_');
              const byName = new Map(list.map((x) => [x.name, x]));
              return { ...input, sum, words, size: byName.size, keys: Object.keys(input).sort(), text: JSON.stringify(list) };
            }
            """;

    static final String ASYNC = """
            export default async function (input, context) {
              console.log('warming', input);
              const url = new URL('/path?q=1', 'https://example.invalid');
              const response = await fetch(url, { method: 'POST', body: JSON.stringify(input), headers: { a: 'b' } });
              const body = await response.json();
              await new Promise((resolve) => setTimeout(resolve, 1));
              try {
                throw new TypeError('expected');
              } catch (error) {
                return { id: crypto.randomUUID(), at: new Date().toISOString(), body, error: error.message };
              }
            }
            """;

    private static final String COMMON_JS = "module.exports = async (input) => input;";

    private static final String THROWING = "function main() { throw new Error('expected'); }";

    private static final String CLASS = """
            class Counter {
              #n = 0;
              add(x) { this.#n += x; return this; }
              get total() { return this.#n; }
            }
            const main = (input) => new Counter().add(input.items.length).total;
            """;

    /** How often each task runs while the worker idles; more would be faster still, and cost memory. */
    private static final int IDLE_ROUNDS = 4;

    private final ScriptEngine engine;
    private final List<Script> scripts;
    private int step;

    WarmUp(ScriptEngine engine) {
        this.engine = engine;
        this.scripts = List.of(
                load("main.js", COMMON),
                load("main.js", COMMON_JS),
                load("main.js", CLASS),
                load("main.js", THROWING),
                load("main.mjs", ASYNC));
    }

    ScriptEngine engine() {
        return engine;
    }

    /**
     * What a worker's start waits for: what every task needs. More would only move the first task's time to the start.
     */
    void essentials() {
        run(load("main.js", NOTHING));
        engine.prepare();
    }

    /** Loads, on another thread, what the first runs need of the Java library. */
    static void libraries() {
        TaskRandom random = new TaskRandom("warm-up");
        random.nextDouble();
        random.nextBytes(new byte[16]);
        new ThreadCpu().nanos();
    }

    /**
     * Does a little more, for a worker that has nothing else to do.
     *
     * @return false when there is nothing left
     */
    boolean more() {
        if (step == scripts.size() * IDLE_ROUNDS) {
            return false;
        }
        run(scripts.get(scripts.size() - 1 - step++ % scripts.size()));
        engine.prepare();
        return true;
    }

    private void run(Script script) {
        engine.open(script, new LoopbackHost()).execute(request());
    }

    private Script load(String entry, String text) {
        return engine.load(new Message.LoadCode("", entry, false, Map.of(entry, text)));
    }

    private static Message.Execute request() {
        return new Message.Execute(
                0,
                "",
                "{\"items\":[1,2,3],\"text\":\"warm\"}",
                new Message.Context("execution", "task", "warm-up", "1.0.0", null, 1),
                "warm-up",
                new Message.Clock.Virtual(0),
                Map.of(),
                1 << 20,
                1 << 20,
                true);
    }

    /** Answers every fetch by itself and keeps nothing. */
    private static final class LoopbackHost implements RunHost {
        private RunEvent.@Nullable Answered answer;

        @Override
        public void fetchOpen(int id, FetchInit init) {
            List<HeaderField> headers = List.of(new HeaderField("content-type", "application/json"));
            answer = new RunEvent.Answered(
                    id, new FetchAnswer.Received(200, "OK", init.url(), false, headers, new byte[] {'{', '}'}), 0);
        }

        @Override
        public void fetchAborted(int id) {
            answer = null;
        }

        @Override
        public void log(int level, long epochMillis, String message) {
            // What the warm-up says is of no interest.
        }

        @Override
        public void progress(double fraction, String message) {
            // What the warm-up says is of no interest.
        }

        @Override
        public @Nullable RunEvent next(long nanos) {
            RunEvent next = answer;
            answer = null;
            return next;
        }
    }
}
