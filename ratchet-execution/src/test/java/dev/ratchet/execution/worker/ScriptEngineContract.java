package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Ending;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the worker expects of an engine. One engine serves all tests, as it does in a worker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class ScriptEngineContract {
    private static final long START_MILLIS = 1_700_000_000_000L;

    private ScriptEngine engine;

    abstract ScriptEngine createEngine();

    @BeforeAll
    void openEngine() {
        engine = createEngine();
    }

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    // ---- helpers

    private static Message.LoadCode code(Map<String, String> files, String entry) {
        return new Message.LoadCode("hash", entry, false, files);
    }

    private static Request request() {
        return new Request();
    }

    /** An {@code Execute} with the parts that a test cares about. */
    private static final class Request {
        private String input = "{}";
        private String seed = "seed";
        private Message.Clock clock = new Message.Clock.Virtual(START_MILLIS * 10);
        private Map<String, String> secrets = Map.of();
        private long outputBytes = 1 << 20;
        private long logBytes = 1 << 20;

        Request input(String json) {
            input = json;
            return this;
        }

        Request seed(String text) {
            seed = text;
            return this;
        }

        Request clock(Message.Clock from) {
            clock = from;
            return this;
        }

        Request secrets(Map<String, String> values) {
            secrets = values;
            return this;
        }

        Request outputBytes(long limit) {
            outputBytes = limit;
            return this;
        }

        Request logBytes(long limit) {
            logBytes = limit;
            return this;
        }

        Message.Execute build() {
            return new Message.Execute(
                    1,
                    "hash",
                    input,
                    new Message.Context("execution", "task", "name", "1.2.3", "job", 2),
                    seed,
                    clock,
                    secrets,
                    outputBytes,
                    logBytes,
                    true);
        }
    }

    private RunEnd run(Message.LoadCode code, Request request, ScriptedHost host) {
        return engine.open(engine.load(code), host).execute(request.build());
    }

    private RunEnd run(String source, Request request, ScriptedHost host) {
        return run(code(Map.of("main.js", source), "main.js"), request, host);
    }

    private Ending run(String source) {
        return run(source, request(), new ScriptedHost()).ending();
    }

    private Ending run(Map<String, String> files, String entry) {
        return run(code(files, entry), request(), new ScriptedHost()).ending();
    }

    private List<Message.Fault> inspect(Map<String, String> files, String entry) {
        return engine.open(engine.load(code(files, entry)), new ScriptedHost()).inspect(START_MILLIS * 10);
    }

    private static String output(Ending ending) {
        assertThat(ending).isInstanceOf(Ending.Returned.class);
        return ((Ending.Returned) ending).output();
    }

    private static Message.Trace trace(RunEnd end) {
        return Objects.requireNonNull(end.trace(), "trace");
    }

    private static Ending.Threw threw(Ending ending) {
        assertThat(ending).isInstanceOf(Ending.Threw.class);
        return (Ending.Threw) ending;
    }

    private static Message.Fault onlyFault(Ending ending) {
        assertThat(ending).isInstanceOf(Ending.BadCode.class);
        assertThat(((Ending.BadCode) ending).faults()).hasSize(1);
        return ((Ending.BadCode) ending).faults().getFirst();
    }

    // ---- forms

    static Stream<String> forms() {
        return Stream.of(
                "function main(input) { return input.x + 1 }",
                "async function main(input) { return input.x + 1 }",
                "const main = (input) => input.x + 1",
                "let main = async (input) => input.x + 1",
                "var main = function (input) { return input.x + 1 }",
                "export default function (input) { return input.x + 1 }",
                "export default async (input) => input.x + 1",
                "export default { main(input) { return input.x + 1 } }",
                "export function main(input) { return input.x + 1 }",
                "export const main = async (input) => input.x + 1",
                "const one = await Promise.resolve(1); export default (input) => input.x + one",
                "module.exports = function (input) { return input.x + 1 }",
                "module.exports = { main: async (input) => input.x + 1 }",
                "exports.main = (input) => input.x + 1",
                "(function (input) { return input.x + 1 })",
                "(async (input) => input.x + 1)",
                "(input) => input.x + 1",
                "async (input) => input.x + 1",
                "input => input.x + 1",
                "function (input) { return input.x + 1 }",
                "async function (input) { return input.x + 1 }",
                "// a comment\nfunction (input) {\n  return input.x + 1;\n}\n// another");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void executeWhenAnyFormOfFunctionCallsIt(String source) {
        RunEnd end = run(source, request().input("{\"x\":41}"), new ScriptedHost());

        assertThat(end.ending()).isEqualTo(new Ending.Returned("42"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void inspectWhenAnyFormOfFunctionFindsNoFault(String source) {
        assertThat(inspect(Map.of("main.js", source), "main.js")).isEmpty();
    }

    static Stream<Arguments> precedence() {
        return Stream.of(
                Arguments.of("export default () => 'default'; export const main = () => 'main'", "\"default\""),
                Arguments.of("module.exports = () => 'module'; function main() { return 'global' }", "\"module\""),
                Arguments.of("function main() { return 'global' } (() => 'value')", "\"global\""));
    }

    @ParameterizedTest
    @MethodSource("precedence")
    void executeWhenAFileOffersSeveralCallsTheFirstInOrder(String source, String expected) {
        assertThat(output(run(source))).isEqualTo(expected);
    }

    @Test
    void executeWhenNothingIsCallableNamesTheForms() {
        Message.Fault fault = onlyFault(run("const answer = 42"));

        assertThat(fault.file()).isEqualTo("main.js");
        assertThat(fault.message()).contains("function main(input, context)", "export default", "module.exports");
    }

    static Stream<Arguments> syntaxErrors() {
        return Stream.of(
                Arguments.of("function main( {\n}", "2:2"),
                Arguments.of("\n\nconst a = ;", "3:11"),
                Arguments.of("function (a, ) { return a b }", "1:27"),
                Arguments.of("export default function () { return 1 1 }", "1:39"),
                Arguments.of("function (input) {", "1:19"));
    }

    @ParameterizedTest
    @MethodSource("syntaxErrors")
    void executeWhenTheCodeDoesNotParseSaysWhere(String source, String position) {
        Message.Fault fault = onlyFault(run(source));

        assertThat(fault.file()).isEqualTo("main.js");
        assertThat(fault.message()).startsWith("SyntaxError: ");
        assertThat(fault.position()).isEqualTo(position);
    }

    // ---- files

    @Test
    void executeWhenModulesImportEachOtherFindsThem() {
        Map<String, String> files = Map.of(
                "main.mjs",
                "import { double } from './lib/math.mjs'; import data from './data.json' with { type: 'json' };"
                        + " export default async () => [double(4), data.n, (await import('./lib/late.js')).late]",
                "lib/math.mjs",
                "import { two } from '../two.mjs'; export const double = (x) => x * two",
                "two.mjs",
                "export const two = 2",
                "lib/late.js",
                "export const late = 'late'",
                "data.json",
                "{\"n\":7}");

        assertThat(output(run(files, "main.mjs"))).isEqualTo("[8,7,\"late\"]");
    }

    @Test
    void executeWhenCommonJsRequiresFilesFindsThem() {
        Map<String, String> files = Map.of(
                "main.js",
                "const lib = require('./lib'); const data = require('./data'); module.exports = () => [lib.twice(data.n), lib.early]",
                "lib/index.js",
                "exports.early = 'set'; const b = require('./b'); exports.twice = (x) => b(x)",
                "lib/b.js",
                "const index = require('.'); module.exports = (x) => x * 2 + (index.early === 'set' ? 0 : 1)",
                "data.json",
                "{\"n\":21}");

        assertThat(output(run(files, "main.js"))).isEqualTo("[42,\"set\"]");
    }

    @Test
    void executeWhenFilesAreRequiredTwiceEvaluatesThemOnce() {
        Map<String, String> files = Map.of(
                "main.js",
                "globalThis.count = 0; require('./a'); require('./a.js'); module.exports = () => count",
                "a.js",
                "count++");

        assertThat(output(run(files, "main.js"))).isEqualTo("1");
    }

    static Stream<Arguments> foreignImports() {
        return Stream.of(
                Arguments.of(
                        "import _ from 'lodash'; export default () => 1",
                        "cannot import 'lodash': only files of this package"),
                Arguments.of("import fs from 'node:fs'; export default () => 1", "cannot import 'node:fs': only files"),
                Arguments.of(
                        "import x from 'https://example.org/x.js'; export default () => 1",
                        "cannot import 'https://example.org/x.js': only files"),
                Arguments.of(
                        "import x from 'file:///etc/passwd'; export default () => x",
                        "cannot import 'file:///etc/passwd': only files"),
                Arguments.of("import x from 'http://[::'; export default () => x", "cannot import 'http://[::': only"),
                Arguments.of(
                        "import x from '../../etc/passwd'; export default () => 1",
                        "cannot import 'etc/passwd': there is no such file"),
                Arguments.of(
                        "import x from './gone.mjs'; export default () => 1",
                        "cannot import 'gone.mjs': there is no such file"),
                Arguments.of("import x from './data.json'; export default () => 1", "with { type: 'json' }"));
    }

    @ParameterizedTest
    @MethodSource("foreignImports")
    void executeWhenAnImportLeavesThePackageRefusesItByName(String source, String message) {
        Map<String, String> files = Map.of("main.mjs", source, "data.json", "{}");

        assertThat(onlyFault(run(files, "main.mjs")).message()).contains(message);
    }

    @Test
    void executeWhenAModuleIsInADataUrlRunsItAndSaysWhatIsWrongWithTheUrl() {
        assertThat(output(run("() => import('data:text/javascript,export%20default%201').then((m) => m.default)")))
                .isEqualTo("1");
        for (String source : List.of(
                "import x from 'data:text/javascript,export default 1'; export default () => x",
                "export default () => import('data:text/javascript,export default 1')")) {
            Ending.Threw threw = threw(run(Map.of("main.mjs", source), "main.mjs"));
            assertThat(threw.message())
                    .isEqualTo("cannot import 'data:text/javascript,export default 1': it is no URL, from character 27"
                            + " on; in a URL, spaces and the like are percent-encoded");
        }
    }

    @Test
    void executeWhenARequireLeavesThePackageRefusesItByName() {
        assertThat(threw(run("require('lodash'); function main() {}")).message())
                .contains("cannot require 'lodash': only files of this package can be imported");
        assertThat(threw(run("function main() { return require('./gone') }")).message())
                .contains("cannot require './gone' from main.js: there is no such file in this package");
    }

    @Test
    void executeWhenAnImportedFileIsBrokenNamesThatFile() {
        Map<String, String> files =
                Map.of("main.mjs", "import './lib/bad.mjs'; export default () => 1", "lib/bad.mjs", "\nlet = = 5");

        Message.Fault fault = onlyFault(run(files, "main.mjs"));

        assertThat(fault.file()).isEqualTo("lib/bad.mjs");
        assertThat(fault.position()).startsWith("2:");
    }

    @Test
    void inspectWhenAFileNobodyImportsIsBrokenFindsIt() {
        Map<String, String> files = Map.of("main.js", "function main() {}", "lib/bad.js", "let x = ;");

        assertThat(inspect(files, "main.js")).extracting(Message.Fault::file).containsExactly("lib/bad.js");
    }

    @Test
    void inspectWhenTheTopLevelThrowsSaysWhatAndWhere() {
        List<Message.Fault> faults = inspect(Map.of("main.js", "let a;\nnull.x;\nfunction main() {}"), "main.js");

        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().position()).isEqualTo("2:1");
        assertThat(faults.getFirst().message()).contains("TypeError");
    }

    // ---- arguments

    @Test
    void executeWhenTheTaskLooksAtItsContextFindsTheFacts() {
        String source = "function main(input, c) { return [c.executionId, c.taskId, c.taskName, c.taskVersion, c.jobId,"
                + " c.attempt, c.signal.aborted, typeof c.log, typeof c.progress] }";

        assertThat(output(run(source)))
                .isEqualTo("[\"execution\",\"task\",\"name\",\"1.2.3\",\"job\",2,false,\"function\",\"function\"]");
    }

    @Test
    void executeWhenTheInputIsAnyJsonPassesItUnchanged() {
        String json = "{\"__proto__\":1,\"a\":[null,true,-0.5,\"\\u2028 \\\" é 😀\"],\"\":{}}";

        RunEnd end = run("(x) => x", request().input(json), new ScriptedHost());

        assertThat(output(end.ending()))
                .isEqualTo("{\"__proto__\":1,\"a\":[null,true,-0.5,\"\u2028 \\\" é 😀\"],\"\":{}}");
    }

    @Test
    void executeWhenASecretIsSuppliedTheTaskReadsIt() {
        RunEnd end = run(
                "() => [secrets.KEY, Object.keys(secrets)]",
                request().secrets(Map.of("KEY", "a\"b\\c\n")),
                new ScriptedHost());

        assertThat(output(end.ending())).isEqualTo("[\"a\\\"b\\\\c\\n\",[\"KEY\"]]");
    }

    @Test
    void executeWhenASecretIsNotSuppliedNamesIt() {
        Ending.Threw threw = threw(run("() => secrets.API_KEY"));

        assertThat(threw.type()).isEqualTo("ReferenceError");
        assertThat(threw.message()).contains("API_KEY", "\"secrets\"");
    }

    // ---- output

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("undefined", "null"),
                Arguments.of("NaN", "null"),
                Arguments.of("'\\ud800'", "\"\\ud800\""),
                Arguments.of(
                        "({ a: undefined, b: () => 1, c: Symbol('x'), d: new Date(0) })",
                        "{\"d\":\"1970-01-01T00:00:00.000Z\"}"),
                Arguments.of("({ toJSON() { return [1] } })", "[1]"),
                Arguments.of("Promise.resolve({ then(f) { f('inner') } })", "\"inner\""));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void executeWhenAValueIsReturnedWritesItAsJson(String value, String json) {
        assertThat(output(run("() => " + value))).isEqualTo(json);
    }

    static Stream<Arguments> notJson() {
        return Stream.of(
                Arguments.of("() => { const a = { list: [{}] }; a.list[0].back = a; return a }", "/list/0/back"),
                Arguments.of("() => { const a = {}; a.a = a; return a }", "/a in the returned value contains itself"),
                Arguments.of("() => ({ total: { cents: 5n } })", "/total/cents"),
                Arguments.of("() => 5n", "the returned value is a BigInt"),
                Arguments.of("() => () => 1", "a function"),
                Arguments.of("() => Symbol('x')", "a symbol"),
                Arguments.of("() => new Promise(() => {})", "can never settle"),
                Arguments.of("async () => { await new Promise(() => {}) }", "can never settle"),
                Arguments.of("await new Promise(() => {}); export default () => 1", "can never settle"));
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void executeWhenTheResultIsNotJsonSaysWhy(String source, String reason) {
        Ending ending = run(source);

        assertThat(ending).isInstanceOf(Ending.NoJson.class);
        assertThat(((Ending.NoJson) ending).message()).contains(reason);
    }

    @Test
    void executeWhenTheOutputIsLargerThanAllowedSaysSo() {
        String exactly = "() => 'é'.repeat(49)";

        assertThat(run(exactly, request().outputBytes(100), new ScriptedHost()).ending())
                .isInstanceOf(Ending.Returned.class);
        assertThat(run(exactly, request().outputBytes(99), new ScriptedHost()).ending())
                .isEqualTo(new Ending.TooLarge(100));
        assertThat(run("() => 'x'.repeat(1000)", request().outputBytes(99), new ScriptedHost())
                        .ending())
                .isEqualTo(new Ending.TooLarge(1002));
    }

    // ---- errors

    @Test
    void executeWhenTheTaskThrowsShowsItsOwnFrames() {
        Map<String, String> files = Map.of(
                "main.mjs",
                "import { check } from './lib/check.mjs';\nexport default function (input) {\n  return check(input);\n}",
                "lib/check.mjs",
                "export function check(value) {\n  throw new RangeError('out of range');\n}");

        Ending.Threw threw = threw(run(files, "main.mjs"));

        assertThat(threw.type()).isEqualTo("RangeError");
        assertThat(threw.message()).isEqualTo("out of range");
        assertThat(threw.stack()).isEqualTo("at check (lib/check.mjs:2:9)\nat default (main.mjs:3:10)");
    }

    @Test
    void executeWhenAFunctionExpressionThrowsCountsColumnsInTheFile() {
        assertThat(threw(run("function (x) { throw new Error('e') }")).stack()).isEqualTo("at main.js:1:22");
    }

    @Test
    void executeWhenARequiredFileThrowsCountsColumnsInThatFile() {
        Map<String, String> files =
                Map.of("main.js", "module.exports = () => require('./a')()", "a.js", "module.exports = () => null.x");

        assertThat(threw(run(files, "main.js")).stack()).startsWith("at a.js:1:24");
    }

    @Test
    void executeWhenAnErrorHasDetailsAndCausesReportsThem() {
        String source =
                "class QuotaError extends Error {}\nasync function main() {\n  throw Object.assign(new QuotaError('full',"
                        + " { cause: new TypeError('inner') }), { status: 429, skip: () => 1, list: [1] });\n}";

        Ending.Threw threw = threw(run(source));

        assertThat(threw.type()).isEqualTo("QuotaError");
        assertThat(threw.details()).isEqualTo("{\"status\":429,\"list\":[1]}");
        assertThat(threw.stack()).contains("caused by TypeError: inner");
    }

    static Stream<Arguments> thrownValues() {
        return Stream.of(
                Arguments.of("'text'", "string", "text"),
                Arguments.of("42", "number", "42"),
                Arguments.of("null", "null", "null"),
                Arguments.of("undefined", "undefined", "undefined"),
                Arguments.of("({ code: 5, message: 'm' })", "Object", "m"),
                Arguments.of("({ code: 5 })", "Object", "{\"code\":5}"),
                Arguments.of("new (class Mine extends Error { name = 'Named' })('m')", "Named", "m"),
                Arguments.of("new AggregateError([new Error('a')], 'all')", "AggregateError", "all"),
                Arguments.of("new DOMException('late', 'TimeoutError')", "TimeoutError", "late"),
                Arguments.of("new HttpError(503, 'down')", "HttpError", "down"),
                Arguments.of(
                        "new Proxy({}, { get() { throw 1 }, getOwnPropertyDescriptor() { throw 2 }, ownKeys() { throw 3 }, getPrototypeOf() { throw 4 } })",
                        "Object",
                        "what was thrown cannot be read: it throws in turn"),
                Arguments.of(
                        "Object.defineProperty(new Error('m'), 'message', { get() { throw new Error('trap') } })",
                        "Error",
                        "what was thrown cannot be read: it throws in turn"),
                Arguments.of("({ big: 1n })", "Object", "what was thrown has no message, and JSON cannot express it"),
                Arguments.of("new Error()", "Error", ""));
    }

    @ParameterizedTest
    @MethodSource("thrownValues")
    void executeWhenAnythingIsThrownDescribesIt(String value, String type, String message) {
        Ending.Threw threw = threw(run("() => { throw " + value + " }"));

        assertThat(threw.type()).isEqualTo(type);
        assertThat(threw.message()).isEqualTo(message);
    }

    @Test
    void executeWhenATypedErrorIsThrownShowsWhere() {
        assertThat(threw(run("() => {\n  throw new HttpError(503, 'down');\n}")).stack())
                .isEqualTo("at main.js:2:9");
    }

    @Test
    void executeWhenAPromiseIsRejectedReportsItAsThrown() {
        assertThat(threw(run("() => Promise.reject(new TypeError('no'))")).type())
                .isEqualTo("TypeError");
    }

    @Test
    void executeWhenTheTopLevelThrowsReportsItAsThrown() {
        assertThat(threw(run("function main() {}\nthrow new Error('early')")).stack())
                .isEqualTo("at main.js:2:7");
    }

    @Test
    void executeWhenATimerThrowsEndsTheRun() {
        String source = "() => new Promise(() => { setTimeout(() => { throw new RangeError('late') }, 5) })";

        assertThat(threw(run(source)).type()).isEqualTo("RangeError");
    }

    @Test
    void executeWhenARejectionIsNotHandledLogsIt() {
        ScriptedHost host = new ScriptedHost();

        RunEnd end = run(
                "async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1)); return 1 }",
                request(),
                host);

        assertThat(output(end.ending())).isEqualTo("1");
        assertThat(host.messages()).containsExactly("unhandled rejection: Error: lost");
    }

    @Test
    void executeWhenRecursionIsTooDeepTheTaskCanCatchIt() {
        String source = "() => { const f = () => f() + 1; try { f() } catch (e) { return e instanceof RangeError } }";

        assertThat(output(run(source))).isEqualTo("true");
        assertThat(threw(run("() => { const f = () => f() + 1; return f() }")).type())
                .isEqualTo("RangeError");
    }

    @Test
    void executeWhenRecursionEndsInsideAHostFunctionTheEngineSurvives() {
        String source = "(input) => { const f = () => { Math.random(); new URL('http://a/'); return [1].map(f) };"
                + " try { f() } catch (e) { return e.name } }";

        // Where the stack ends so close to the border that no guest error can be made, the guest gets the host's, by
        // name.
        assertThat(output(run(source, request().logBytes(1000), new ScriptedHost())
                        .ending()))
                .isIn("\"RangeError\"", "\"java.lang.StackOverflowError\"");
        assertThat(output(run("() => 1"))).isEqualTo("1");
    }

    // ---- time, order, randomness

    @Test
    void executeWhenTheClockIsVirtualWaitsWithoutSleeping() {
        String source = "async () => { const order = []; const t = Date.now();"
                + " const wait = (ms, n) => new Promise((r) => setTimeout(() => { order.push(n); r() }, ms));"
                + " await Promise.all([wait(86400000, 'day'), wait(5, 'b'), wait(5, 'c'), wait(1, 'a')]);"
                + " return { order, elapsed: Date.now() - t, start: t } }";
        long before = System.nanoTime();

        Ending ending = run(source);

        assertThat(output(ending))
                .isEqualTo(
                        "{\"order\":[\"a\",\"b\",\"c\",\"day\"],\"elapsed\":86400000,\"start\":" + START_MILLIS + "}");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void executeWhenTheClockIsVirtualFetchesSettleByTheirDelay() {
        ScriptedHost host = new ScriptedHost()
                .answering(init -> ScriptedHost.text(0, init.url(), init.url().endsWith("slow") ? 100 : 10));
        String source =
                "async () => { const order = []; const get = async (u) => { await fetch('https://x/' + u); order.push(u) };"
                        + " await Promise.all([get('slow'), get('fast'), new Promise((r) => setTimeout(() => { order.push('timer'); r() }, 50))]);"
                        + " return [order, performance.now()] }";

        assertThat(output(run(source, request(), host).ending())).isEqualTo("[[\"fast\",\"timer\",\"slow\"],100]");
    }

    @Test
    void executeWhenReplayedSeesTheSameTimesOrderAndNumbers() {
        String source = "async () => { const seen = [Math.random(), crypto.randomUUID(), Date.now()];"
                + " const get = async (u) => { await fetch('https://x/' + u); seen.push(u, performance.now()) };"
                + " await Promise.all([get('a'), get('b'), new Promise((r) => setTimeout(() => { seen.push('t', Date.now()); r() }, 2))]);"
                + " return seen }";
        ScriptedHost live = new ScriptedHost();
        live.answering(init -> {
            // Both answers come in the reverse order of the requests.
            if (init.url().endsWith("b")) {
                live.event(ScriptedHost.text(2, "", 0));
                live.event(ScriptedHost.text(1, "", 0));
            }
            return null;
        });
        RunEnd recorded = run(source, request().clock(new Message.Clock.Live(START_MILLIS * 10)), live);

        ScriptedHost replay = new ScriptedHost().answering(init -> ScriptedHost.text(0, "", 0));
        RunEnd replayed = run(source, request().clock(new Message.Clock.Recorded(trace(recorded))), replay);

        assertThat(output(recorded.ending())).contains("\"b\"");
        assertThat(replayed.ending()).isEqualTo(recorded.ending());
        assertThat(trace(replayed).ticks()).isEqualTo(trace(recorded).ticks());
        assertThat(trace(replayed).ids()).isEqualTo(trace(recorded).ids());
    }

    @Test
    void executeWhenReplayedCodeHasChangedFallsBackToDueTimes() {
        RunEnd recorded = run(
                "async () => { await new Promise((r) => setTimeout(r, 5)); return 1 }", request(), new ScriptedHost());

        RunEnd replayed = run(
                "async () => { await fetch('https://x/'); await new Promise((r) => setTimeout(r, 1)); return 2 }",
                request().clock(new Message.Clock.Recorded(trace(recorded))),
                new ScriptedHost().answering(init -> ScriptedHost.text(0, "", 3)));

        assertThat(output(replayed.ending())).isEqualTo("2");
    }

    @Test
    void executeWhenSeedsAreEqualRandomnessIsEqual() {
        String source =
                "() => [Math.random(), Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]]";

        String first =
                output(run(source, request().seed("a"), new ScriptedHost()).ending());

        assertThat(output(run(source, request().seed("a"), new ScriptedHost()).ending()))
                .isEqualTo(first);
        assertThat(output(run(source, request().seed("b"), new ScriptedHost()).ending()))
                .isNotEqualTo(first);
    }

    @Test
    void executeWhenTheLogLimitIsReachedDropsTheRestAndSaysSo() {
        ScriptedHost host = new ScriptedHost();

        RunEnd end = run(
                "() => { for (let i = 0; i < 100; i++) console.log('x'.repeat(84)); return 'done' }",
                request().logBytes(250),
                host);

        assertThat(output(end.ending())).isEqualTo("\"done\"");
        assertThat(host.lines).hasSize(3);
        assertThat(host.messages().getLast()).contains("log limit of 250 bytes");
        assertThat(end.droppedLogBytes()).isEqualTo(98 * 84);
    }

    @Test
    void executeWhenFetchIsLegacyBlocksForTheAnswer() {
        Message.LoadCode code = new Message.LoadCode(
                "hash", "main.js", true, Map.of("main.js", "function main() { return fetch('https://x/').body.a }"));

        RunEnd end = run(code, request(), new ScriptedHost().answering(init -> ScriptedHost.text(0, "{\"a\":5}", 0)));

        assertThat(output(end.ending())).isEqualTo("5");
    }

    // ---- stopping

    @Test
    void executeWhenAbortedFiresTheSignal() {
        ScriptedHost host = new ScriptedHost();
        host.answering(init -> {
            host.event(new RunEvent.AbortRequested("TimeoutError", "wall time of 1 s is over"));
            return null;
        });

        RunEnd end = run(
                "async (i, { signal }) => { try { await fetch('https://x/', { signal }) } catch (e) { return [e.name, e.message] } }",
                request().clock(new Message.Clock.Live(0)),
                host);

        assertThat(output(end.ending())).isEqualTo("[\"TimeoutError\",\"wall time of 1 s is over\"]");
        assertThat(host.abortedFetches).containsExactly(1);
    }

    static Stream<String> endless() {
        return Stream.of(
                "() => { while (true) {} }",
                "() => { for (;;) { try { while (true) {} } finally { continue } } }",
                "async () => { while (true) { await null } }",
                "while (true) {}",
                "() => /^(a+)+$/.test('a'.repeat(40) + 'b')",
                "() => { const a = new Array(5e6).fill(0).map((_, i) => -i); for (;;) a.sort().reverse() }");
    }

    @ParameterizedTest
    @MethodSource("endless")
    void terminateWhenTheTaskNeverEndsStopsIt(String source) throws Exception {
        ScriptedHost host = new ScriptedHost();
        ScriptRun run = engine.open(engine.load(code(Map.of("main.js", source), "main.js")), host);
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<RunEnd> end = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            return run.execute(request().build());
        });
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        run.terminate();

        assertThat(end.get(40, TimeUnit.SECONDS).ending()).isEqualTo(new Ending.Stopped());
        assertThat(output(run("() => 1"))).isEqualTo("1");
    }

    // ---- isolation

    static Stream<Arguments> leaks() {
        return Stream.of(
                Arguments.of(
                        "globals",
                        "globalThis.leak = 1; var leaked = 2",
                        "typeof leak + typeof leaked",
                        "undefinedundefined"),
                Arguments.of("lexical globals", "", "typeof hidden", "undefined"),
                Arguments.of("object prototype", "Object.prototype.leak = 1", "({}).leak", "undefined"),
                Arguments.of("array prototype", "Array.prototype.map = () => 'hijacked'", "[1].map((x) => x)[0]", "1"),
                Arguments.of(
                        "promise prototype",
                        "Promise.prototype.then = null",
                        "typeof Promise.prototype.then",
                        "function"),
                Arguments.of(
                        "JSON",
                        "JSON.stringify = () => 'hijacked'; JSON.parse = () => 'hijacked'",
                        "JSON.stringify(JSON.parse('[1]'))",
                        "[1]"),
                Arguments.of(
                        "prelude globals",
                        "URL.prototype.leak = 1; fetch.leak = 1; console.leak = 1",
                        "[URL.prototype.leak, fetch.leak, console.leak].length + String(console.leak)",
                        "3undefined"),
                Arguments.of(
                        "symbol registry",
                        "Symbol.for('leak').description; globalThis[Symbol.for('leak')] = 1",
                        "String(globalThis[Symbol.for('leak')])",
                        "undefined"),
                Arguments.of("tagged templates", "", "(globalThis.t = (s) => s, t`a`.seen)", "undefined"),
                Arguments.of("regular expression statics", "/(leak)/.exec('leak')", "RegExp.$1", ""),
                Arguments.of(
                        "Intl",
                        "Intl.NumberFormat.prototype.format = null; Intl.leak = 1",
                        "new Intl.NumberFormat('en-US').format(1234) + Intl.leak",
                        "1,234undefined"),
                Arguments.of("module state", "", "String(globalThis.module?.exports?.leak)", "undefined"),
                Arguments.of("timers", "setTimeout(() => { globalThis.fired = 1 }, 0)", "typeof fired", "undefined"),
                Arguments.of("intervals", "setInterval(() => console.log('leak'), 1)", "'quiet'", "quiet"),
                Arguments.of(
                        "pending promises",
                        "new Promise(() => {}).then(() => console.log('leak'))",
                        "'quiet'",
                        "quiet"),
                Arguments.of(
                        "microtasks",
                        "(function again() { Promise.resolve().then(() => { globalThis.n = (globalThis.n ?? 0) + 1; if (n < 50) again() }) })()",
                        "typeof n",
                        "undefined"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaks")
    void executeWhenAnEarlierRunChangedItsWorldSeesNothingOfIt(
            String name, String change, String look, String expected) {
        String source = "const hidden = 1; const tag = (s) => s; function main(input) {"
                + " if (input.change) { " + change + "; tag`a`.seen; return 'changed' }"
                + " return String(" + (name.equals("lexical globals") ? "typeof undeclared" : look) + ") }";
        Script script = engine.load(code(Map.of("main.js", source), "main.js"));

        RunEnd first = engine.open(script, new ScriptedHost())
                .execute(request().input("{\"change\":true}").build());
        ScriptedHost second = new ScriptedHost();
        RunEnd end = engine.open(script, second).execute(request().build());

        assertThat(output(first.ending())).isEqualTo("\"changed\"");
        assertThat(output(end.ending())).isEqualTo("\"" + expected + "\"");
        assertThat(second.lines).isEmpty();
    }

    @Test
    void executeWhenTwoRunsOverlapTheyShareNothing() throws Exception {
        Script script = engine.load(code(
                Map.of(
                        "main.js",
                        "async function main(input) { globalThis.mine = input.n; Object.prototype.own = input.n;"
                                + " for (let i = 0; i < 200; i++) await null; return [mine, ({}).own] }"),
                "main.js"));
        List<CompletableFuture<RunEnd>> ends = Stream.of(1, 2, 3, 4)
                .map(n -> CompletableFuture.supplyAsync(() -> engine.open(script, new ScriptedHost())
                        .execute(request().input("{\"n\":" + n + "}").build())))
                .toList();

        for (int n = 1; n <= 4; n++) {
            assertThat(output(ends.get(n - 1).get(30, TimeUnit.SECONDS).ending()))
                    .isEqualTo("[" + n + "," + n + "]");
        }
    }

    static Stream<String> doors() {
        return Stream.of(
                "Java",
                "Polyglot",
                "Graal",
                "Packages",
                "load",
                "loadWithNewGlobal",
                "print",
                "printErr",
                "quit",
                "exit",
                "read",
                "readFully",
                "readLine",
                "process",
                "Worker",
                "WebAssembly");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void executeWhenTheTaskTriesADoorOfTheEngineItIsNotThere(String name) {
        assertThat(output(run("() => typeof " + name))).isEqualTo("\"undefined\"");
    }
}
