package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code console} and how it shows values. */
class PreludeConsoleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'text', 1, -0, 10n, true, null, undefined, Symbol('s') | text 1 -0 10n true null undefined Symbol(s)
            ['it\\'s', "q\\"", 'a\\nb'] | [ "it's", 'q"', 'a\\nb' ]
            { a: 1, 'b-c': { d: [1, 2] }, [Symbol('k')]: 3 } | { a: 1, 'b-c': { d: [ 1, 2 ] }, [Symbol(k)]: 3 }
            new Map([['a', { b: 1 }]]), new Set([1, 'x']) | Map(1) { 'a' => { b: 1 } } Set(2) { 1, 'x' }
            class A {}, function f() {}, () => 1, Math.max | [class A] [Function: f] [Function (anonymous)] [Function: max]
            new (class Point { x = 1 })(), Object.create(null) | Point { x: 1 } [Object: null prototype] {}
            new Date(0), new Date(NaN), /a/g, Object(1), Object('s') | 1970-01-01T00:00:00.000Z Invalid Date /a/g [Number: 1] [String: 's']
            new Uint8Array([1, 2]), new ArrayBuffer(3) | Uint8Array(2) [ 1, 2 ] ArrayBuffer { byteLength: 3 }
            [, 1, , ,], [[[[[['deep']]]]]] | [ <1 empty item>, 1, <2 empty items> ] [ [ [ [ [ [Array] ] ] ] ] ]
            { get a() { return 1 }, set a(v) {}, get b() { return 2 }, set c(v) {} } | { a: [Getter/Setter], b: [Getter], c: [Setter] }
            (() => { const o = { n: 1 }; o.o = o; return o })() | { n: 1, o: [Circular] }
            Promise.resolve(1), new URL('http://a/?b'), new Headers({ a: 'b' }) | Promise {} URL 'http://a/?b' Headers { 'a': 'b' }
            '%s is %d, %i, %f, %j, %o %% %c;', 'x', 4.5, 4.5, '1.5', { a: 1 }, [1], 'css', 'rest' | x is 4.5, 4, 1.5, {"a":1}, [ 1 ] % ; rest
            '%s', '100%', 5 | 100% 5
            '100%', 5 | 100% 5
            """)
    void valueWhenLoggedReadsLikeItsSource(String arguments, String expected) {
        try (var guest = new GuestFixture()) {
            guest.evaluate("console.log(" + arguments + ")");

            assertThat(guest.logs).containsExactly("info " + expected);
        }
    }

    @Test
    void methodsWhenCalledUseTheirLevels() {
        try (var guest = new GuestFixture()) {
            guest.run("""
                    console.debug('d'); console.info('i'); console.warn('w'); console.error('e');
                    console.group('g'); console.log('in\\nside'); console.groupEnd(); console.groupEnd(); console.log('out');
                    console.count(); console.count('x'); console.count(); console.countReset(); console.count();
                    console.time('t'); await new Promise((r) => setTimeout(r, 1500)); console.timeLog('t', 1); console.timeEnd('t'); console.timeEnd('t');
                    console.assert(true, 'no'); console.assert(false, 'yes %d', 1); console.assert(false);
                    """);

            assertThat(guest.logs)
                    .containsExactly(
                            "debug d",
                            "info i",
                            "warn w",
                            "error e",
                            "info g",
                            "info   in\n  side",
                            "info out",
                            "info default: 1",
                            "info x: 1",
                            "info default: 2",
                            "info default: 1",
                            "info t: 1.5 s 1",
                            "info t: 1.5 s",
                            "warn Timer 't' does not exist",
                            "error Assertion failed: yes 1",
                            "error Assertion failed");
        }
    }

    @Test
    void tableWhenGivenRowsDrawsThem() {
        try (var guest = new GuestFixture()) {
            guest.evaluate("console.table([{ a: 1, b: 'x' }, { a: 2 }, 5])");

            assertThat(guest.logs.getFirst()).isEqualTo("""
                    info \u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2510
                    \u2502 (index) \u2502 a \u2502 b   \u2502 Values \u2502
                    \u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2524
                    \u2502 0       \u2502 1 \u2502 'x' \u2502        \u2502
                    \u2502 1       \u2502 2 \u2502     \u2502        \u2502
                    \u2502 2       \u2502   \u2502     \u2502 5      \u2502
                    \u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2518""");
        }
    }

    @Test
    void errorWhenLoggedShowsStackAndCause() {
        try (var guest = new GuestFixture()) {
            guest.evaluate(
                    "console.log(Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 7 }))");

            assertThat(guest.logs.getFirst())
                    .startsWith("info TypeError: outer\n    at task.js:1:")
                    .contains("code: 7", "[cause]: Error: inner\n    at task.js:1:")
                    .doesNotContain("prelude");
        }
    }

    @Test
    void traceWhenCalledShowsWhere() {
        try (var guest = new GuestFixture()) {
            guest.evaluate("function here() { console.trace('why') }\nhere()");

            assertThat(guest.logs.getFirst()).startsWith("debug Trace: why\n    at here (task.js:1:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "console.log('x'.repeat(1e6))",
                "console.log(Array.from({ length: 200 }, (_, i) => ({ id: i, text: 'y'.repeat(5000) })))",
                "console.log('%s %j', 'x'.repeat(1e6), 'y'.repeat(1e6))",
                "console.log(new Error('x'.repeat(1e6)))",
                "console.log({ a: Array.from({ length: 100 }, () => Array(100).fill(Array(100).fill(Array(100).fill('q')))) })",
                "console.table(Array.from({ length: 100 }, (_, i) => Array(100).fill('w'.repeat(500))))",
                "console.group(); console.log('a\\n'.repeat(1e5))",
                "console.assert(false, 'x'.repeat(1e6))",
                "console.trace('x'.repeat(1e6))"
            })
    void messageWhenHugeIsCut(String call) {
        try (var guest = new GuestFixture()) {
            guest.evaluate(call);

            assertThat(guest.logs.getLast().length()).isBetween(20_000, Prelude.LOG_MESSAGE_CHARS + 6);
        }
    }
}
