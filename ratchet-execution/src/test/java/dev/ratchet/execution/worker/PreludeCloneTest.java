package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code structuredClone}. */
class PreludeCloneTest {

    @Test
    void cloneWhenGraphHasCyclesKeepsThem() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const o = { list: [1, , 3], nested: { d: new Date(5) } }; o.self = o; o.list.push(o.nested);
                    const c = structuredClone(o);
                    return [c !== o, c.self === c, c.list[3] === c.nested, c.nested.d.getTime(), 1 in c.list, c.list.length];
                    """)).isEqualTo("[true,true,true,5,false,4]");
        }
    }

    @Test
    void cloneWhenBuiltInsAreInsideCopiesThem() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const c = structuredClone({ m: new Map([[{ k: 1 }, 'v']]), s: new Set([1]), r: /a/gi, b: new Uint8Array([1, 2, 3]).subarray(1), dv: new DataView(new ArrayBuffer(4), 1, 2), n: Object(5), t: Object('s'), big: 3n, f: Object(false), u: undefined, nul: null });
                    return [c.m.keys().next().value.k, c.s.has(1), String(c.r), [...c.b], c.b.byteOffset, c.dv.byteLength, c.n instanceof Number, c.t.valueOf(), typeof c.big, c.f.valueOf(), 'u' in c, c.nul];
                    """)).isEqualTo("[1,true,\"/a/gi\",[2,3],1,2,true,\"s\",\"bigint\",false,true,null]");
        }
    }

    @Test
    void cloneWhenErrorsAreInsideKeepsTypeMessageAndCause() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const e = new RangeError('m', { cause: new Error('c') }); class Own extends Error {} ; const own = new Own('o'); own.name = 'Own';
                    const c = structuredClone(e); const d = structuredClone(new DOMException('x', 'AbortError'));
                    return [c instanceof RangeError, c.message, c.cause.message, c.stack === e.stack, structuredClone(own) instanceof Error, structuredClone(own).constructor === Error, d.name, d instanceof DOMException];
                    """)).isEqualTo("[true,\"m\",\"c\",true,true,true,\"AbortError\",true]");
        }
    }

    @Test
    void cloneWhenValueCannotBeClonedThrowsDataCloneError() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const name = (f) => { try { structuredClone(f()); return 'none'; } catch (e) { return e.name; } };
                    return [() => () => 1, () => Symbol(), () => new WeakMap(), () => Promise.resolve(), () => new URL('http://a'), () => new Headers(), () => ({ deep: [() => 1] }), () => new SharedArrayBuffer(1), () => new AbortController().signal].map(name);
                    """))
                    .isEqualTo(
                            "[\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\",\"DataCloneError\"]");
        }
    }

    @Test
    void cloneWhenTransferredDetachesTheSource() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const b = new ArrayBuffer(8); new Uint8Array(b)[0] = 7; const view = new Uint8Array(b);
                    const c = structuredClone({ b, view }, { transfer: [b] });
                    let twice; try { structuredClone(b, { transfer: [b] }); } catch (e) { twice = e.name; }
                    return [b.byteLength, b.detached, c.b.byteLength, c.view[0], c.view.buffer === c.b, twice];
                    """)).isEqualTo("[0,true,8,7,true,\"DataCloneError\"]");
        }
    }

    @Test
    void cloneWhenClassInstanceOrGetterGivesPlainData() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    class P { constructor() { this.a = 1; } get b() { return 2; } } const o = { get x() { return 5; }, [Symbol('s')]: 1 };
                    const c = structuredClone(new P()); const d = structuredClone(o);
                    return [Object.getPrototypeOf(c) === Object.prototype, c, d, structuredClone(Object.create({ inherited: 1 }))];
                    """)).isEqualTo("[true,{\"a\":1},{\"x\":5},{}]");
        }
    }

    @Test
    void cloneWhenBlobKeepsItsBytes() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const f = structuredClone(new File(['abc'], 'n', { type: 'a/b', lastModified: 3 })); const b = structuredClone(new Blob(['x']));
                    return [f instanceof File, f.name, f.type, f.lastModified, await f.text(), await b.text()];
                    """)).isEqualTo("[true,\"n\",\"a/b\",3,\"abc\",\"x\"]");
        }
    }
}
