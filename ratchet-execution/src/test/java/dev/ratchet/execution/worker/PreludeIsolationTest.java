package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task cannot do to the prelude, nor through it to the host. */
class PreludeIsolationTest {

    private static final List<String> GLOBALS = List.of(
            "AbortController",
            "AbortSignal",
            "AuthenticationError",
            "AuthorizationError",
            "Blob",
            "ConfigurationError",
            "Crypto",
            "CryptoKey",
            "CustomEvent",
            "DOMException",
            "DataError",
            "Date",
            "Event",
            "EventTarget",
            "File",
            "FormData",
            "Headers",
            "HttpError",
            "Intl",
            "NetworkError",
            "Performance",
            "RateLimitError",
            "Request",
            "Response",
            "ServiceUnavailableError",
            "SubtleCrypto",
            "TextDecoder",
            "TextEncoder",
            "TimeoutError",
            "URL",
            "URLSearchParams",
            "ValidationError",
            "atob",
            "btoa",
            "clearInterval",
            "clearTimeout",
            "console",
            "crypto",
            "fetch",
            "navigator",
            "performance",
            "queueMicrotask",
            "reportError",
            "self",
            "setInterval",
            "setTimeout",
            "structuredClone");

    /** Replaces every method, getter and static function of the intrinsics by one that throws. */
    private static final String PATCH = """
            {
                const { ownKeys } = Reflect;
                const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
                const text = String;
                const arrayIterator = getPrototypeOf([][Symbol.iterator]());
                const prototypes = [
                    Array.prototype, String.prototype, Map.prototype, Set.prototype, WeakMap.prototype, RegExp.prototype,
                    Number.prototype, Boolean.prototype, ArrayBuffer.prototype, DataView.prototype, Uint8Array.prototype,
                    getPrototypeOf(Uint8Array.prototype), arrayIterator, getPrototypeOf(arrayIterator), Error.prototype,
                    TextEncoder.prototype, Function.prototype, Promise.prototype, Symbol.prototype, BigInt.prototype,
                    Object.prototype,
                ];
                const kept = { __proto__: null, constructor: 1, __proto: 1, hasOwnProperty: 1, valueOf: 1, toString: 1 };
                for (let i = 0; i < prototypes.length; i++) {
                    const target = prototypes[i];
                    const keys = ownKeys(target);
                    for (let j = 0; j < keys.length; j++) {
                        const key = keys[j];
                        const descriptor = getOwnPropertyDescriptor(target, key);
                        if (!descriptor.configurable || key === '__proto__') continue;
                        if ((target === Object.prototype || target === Promise.prototype) && kept[key]) continue;
                        const message = 'hijacked ' + text(key);
                        const thrower = function () { throw message; };
                        if (descriptor.get) {
                            defineProperty(target, key, { __proto__: null, configurable: true, get: thrower });
                        } else if (typeof descriptor.value === 'function') {
                            defineProperty(target, key, { __proto__: null, configurable: true, writable: true, value: thrower });
                        }
                    }
                }
                const statics = [Object, Reflect, Array, String, Number, JSON, Math, Symbol, ArrayBuffer, Promise];
                for (let i = 0; i < statics.length; i++) {
                    const keys = ownKeys(statics[i]);
                    for (let j = 0; j < keys.length; j++) {
                        const key = keys[j];
                        if (key !== 'prototype' && key !== 'random' && typeof statics[i][key] === 'function') {
                            const message = 'hijacked static ' + text(key);
                            try { statics[i][key] = function () { throw message; }; } catch { }
                        }
                    }
                }
                globalThis.Map = globalThis.Set = globalThis.WeakMap = globalThis.Promise = globalThis.Uint8Array =
                    globalThis.TypeError = globalThis.Error = globalThis.Object = globalThis.Array = globalThis.JSON = undefined;
            }""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const u = new URL('http://a/?x=1'); u.searchParams.append('k', 'v'); u.searchParams.set('x', '2'); u.searchParams.sort(); u.href === 'http://a/?k=v&x=2'",
                "new URLSearchParams('a=b').get('a') === 'b'",
                "const h = new Headers({ __proto__: null, a: 'b' }); h.append('a', 'c'); h.get('A') === 'b, c'",
                "new Request('http://a/', { method: 'post', body: 'x' }).clone().method === 'POST'",
                "new Response('x').clone().status === 200 && Response.json(1).ok",
                "fetch('http://a/', { method: 'POST', headers: { __proto__: null, q: '1' }, body: new URLSearchParams('a=b') }) !== 1",
                "atob('aGk=') === 'hi' && btoa('hi') === 'aGk='",
                "new TextDecoder().decode() === '' && new TextDecoder('latin1').encoding === 'windows-1252'",
                "crypto.randomUUID() === '00010203-0405-4607-8809-0a0b0c0d0e0f'",
                "const o = structuredClone({ a: [1, { b: 2 }] }); o.a[1].b === 2",
                "new Blob().slice(0, 1).size === 0 && new File(undefined, 'n').name === 'n'",
                "const f = new FormData(); f.append('a', 'b'); f.get('a') === 'b' && f.has('a')",
                "setTimeout(() => 1, 5) === 1 && clearTimeout(1) === undefined && queueMicrotask(() => 1) === undefined",
                "let n = 0; const t = new EventTarget(); t.addEventListener('x', () => n++); t.dispatchEvent(new Event('x')); n === 1",
                "let n = 0; const c = new AbortController(); c.signal.addEventListener('abort', () => n++); c.abort(); n === 1 && c.signal.reason.name === 'AbortError'",
                "new DOMException('m', 'AbortError').code === 20",
                "new HttpError(404, 'm').status === 404 && new NetworkError('m').message === 'm'",
                "console.log('x', { a: 1, b: [1, 2], c: 'q' }, /x/, 1n); true",
                "console.log('%s %d %j', 'a', 1, 'b'); console.group('g'); console.groupEnd(); true",
                "console.table({ __proto__: null, a: { b: 1 } }); console.time(); console.timeEnd(); console.count(); true",
                "Date.now() === 1767225600000 && new Date(5).getTime() === 5",
                "performance.now() === 0 && navigator.userAgent === 'Ratchet' && Math.random() === 0.25",
                "AbortSignal.timeout(5).aborted === false && AbortSignal.abort().aborted"
            })
    void preludeWhenIntrinsicsArePatchedStillWorks(String script) {
        try (var guest = new GuestFixture()) {
            guest.evaluate(PATCH);

            assertThat(guest.evaluate(script).asBoolean()).isTrue();
        }
    }

    @Test
    void fetchWhenIntrinsicsArePatchedStillSettles() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "{\"a\":1}", "X-A", "b");
            guest.evaluate(
                    "var out = ''; (async () => { const r = await fetch('http://a/'); out = r.headers.get('x-a') +"
                            + " (await r.json()).a; })();");
            guest.evaluate(PATCH);

            while (guest.turn()) {}

            assertThat(guest.evaluate("out").asString()).isEqualTo("b1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "load", "loadWithNewGlobal", "print", "printErr", "Graal", "Polyglot", "Java", "Packages", "java",
                        "javax",
                "quit", "exit", "read", "readbuffer", "readLine", "readFully", "require", "process", "arguments",
                        "global"
            })
    void doorWhenLookedForIsNotThere(String name) {
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("typeof " + name).asString()).isEqualTo("undefined");
        }
    }

    static Stream<String> globals() {
        return GLOBALS.stream();
    }

    @ParameterizedTest
    @MethodSource("globals")
    void globalWhenFirstTouchedIsThereStaysAndIsHidden(String name) {
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("Object.hasOwn(globalThis, '" + name + "')")
                            .asBoolean())
                    .isTrue();
            assertThat(guest.evaluate("typeof " + name).asString()).isNotEqualTo("undefined");
            assertThat(guest.evaluate(name + " === globalThis." + name).asBoolean())
                    .isTrue();
            assertThat(guest.evaluate("Object.keys(globalThis).length").asInt()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("globals")
    void globalWhenReplacedByTaskIsTheTasks(String name) {
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("globalThis." + name + " = 5; " + name).asInt())
                    .isEqualTo(5);
        }
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("function " + name + "() { return 6 } " + name + "()")
                            .asInt())
                    .isEqualTo(6);
        }
    }

    /** Walks everything reachable from the global object and asks the engine of each whether it is a host's. */
    @Test
    void hostObjectWhenSearchedForIsNowhereReachable() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "{}");
            guest.run("""
                    globalThis.made = [new URL('http://a/?b=c').searchParams, await fetch('http://a/'), new Request('http://a/', { method: 'POST', body: 'x' }),
                        new Response('x').body, new Response('y').body.getReader(), new AbortController(), new Headers({ a: 'b' }), new Blob(['x']), new FormData(),
                        new TextDecoder('shift_jis'), await crypto.subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, ['encrypt']), new Headers().entries(),
                        AbortSignal.timeout(9), new Event('x'), new DOMException('m'), setTimeout(() => 1, 1), fetch('http://b/'), structuredClone({ a: 1 })];
                    try { new URL('x') } catch (e) { made.push(e) }
                    try { fetch('x') } catch (e) { made.push(e) }
                    for (const name of Object.getOwnPropertyNames(globalThis)) void globalThis[name];
                    """);
            guest.context
                    .getBindings("js")
                    .putMember("facts", guest.realm.taskContext(new TaskFacts("e", "t", "n", "1", null, 1)));
            Value reachable = guest.evaluate("""
                    (() => {
                        const seen = new Set(); const todo = [globalThis];
                        const add = (v) => { if ((typeof v === 'object' && v !== null) || typeof v === 'function') { if (!seen.has(v)) { seen.add(v); todo.push(v); } } };
                        while (todo.length > 0) {
                            const o = todo.pop();
                            add(Object.getPrototypeOf(o));
                            for (const key of Reflect.ownKeys(o)) {
                                const d = Object.getOwnPropertyDescriptor(o, key);
                                add(d.value); add(d.get); add(d.set);
                                if (d.get) { try { add(d.get.call(o)); } catch (e) { add(e); } }
                            }
                        }
                        return [...seen];
                    })()""");

            var foreign = new ArrayList<String>();
            for (long i = 0; i < reachable.getArraySize(); i++) {
                Value value = reachable.getArrayElement(i);
                if (value.isHostObject() || value.isProxyObject() || value.isNativePointer()) {
                    foreign.add(value.toString());
                }
            }
            assertThat(reachable.getArraySize()).isGreaterThan(1_000);
            assertThat(foreign).isEmpty();
        }
    }

    @Test
    void hostFunctionWhenItFailsThrowsGuestError() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> {
                throw new IllegalStateException("no more fetches");
            };
            var failing = new GuestFixture(Compatibility.RATCHET_0_4);
            try (failing) {
                failing.server = guest.server;

                assertThat(
                                failing.run(
                                        "try { fetch('http://a/'); } catch (e) { return [e instanceof Error,"
                                                + " Object.getPrototypeOf(e) === Error.prototype, e.message, /java|dev\\.ratchet/.test(e.stack)]; }"))
                        .isEqualTo("[true,true,\"no more fetches\",false]");
            }
        }
    }

    @Test
    void contextsWhenOneIsChangedShareNothing() {
        try (var first = new GuestFixture();
                var second = new GuestFixture()) {
            first.evaluate(
                    "URL.prototype.evil = 1; Headers.prototype.get = () => 'evil'; console.log = 5; globalThis.x = 1;"
                            + " Array.prototype.y = 2; Date.now = () => 0; AbortSignal.any = null;");

            assertThat(second.run(
                            "return [URL.prototype.evil, new Headers({ a: 'b' }).get('a'), typeof console.log, typeof x,"
                                    + " [].y, Date.now(), typeof AbortSignal.any]"))
                    .isEqualTo("[null,\"b\",\"function\",\"undefined\",null,1767225600000,\"function\"]");
        }
    }

    @Test
    void globalsWhenListedAreExactlyThose() {
        try (var guest = new GuestFixture()) {
            String names = guest.evaluate("Object.getOwnPropertyNames(globalThis).join()")
                    .asString();
            String engine =
                    "Object,Function,Array,String,Number,Boolean,RegExp,Math,JSON,NaN,Infinity,undefined,isNaN,isFinite,"
                            + "parseFloat,parseInt,encodeURI,encodeURIComponent,decodeURI,decodeURIComponent,eval,escape,unescape,Error,"
                            + "EvalError,RangeError,ReferenceError,SyntaxError,TypeError,URIError,AggregateError,ArrayBuffer,Int8Array,"
                            + "Uint8Array,Uint8ClampedArray,Int16Array,Uint16Array,Int32Array,Uint32Array,Float32Array,Float64Array,"
                            + "BigInt64Array,BigUint64Array,Float16Array,DataView,BigInt,Map,Set,WeakMap,WeakSet,Symbol,Reflect,Proxy,"
                            + "Promise,Iterator,SharedArrayBuffer,Atomics,globalThis,WeakRef,FinalizationRegistry";

            assertThat(Set.of(names.split(",")))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(GLOBALS.stream(), Stream.of(engine.split(",")))
                            .toList());
        }
    }
}
