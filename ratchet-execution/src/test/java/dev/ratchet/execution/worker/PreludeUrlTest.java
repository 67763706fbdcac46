package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code URL} beyond the public vectors, and {@code URLSearchParams}. */
class PreludeUrlTest {

    @Test
    void searchParamsWhenChangedChangeTheUrl() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const u = new URL('https://x/?a=1&b=2&a=3');
                    const p = u.searchParams;
                    p.append('c', 'd e'); p.delete('b'); p.set('a', '\\u00e4');
                    const first = u.href;
                    u.search = '?z=1'; const second = p.get('z'); u.href = 'https://y/?q=1'; const third = [...p];
                    p.delete('q');
                    return [first, second, third, u.href, u.searchParams === p];
                    """))
                    .isEqualTo("[\"https://x/?a=%C3%A4&c=d+e\",\"1\",[[\"q\",\"1\"]],\"https://y/\",true]");
        }
    }

    @Test
    void searchParamsWhenBuiltTakeEveryForm() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [new URLSearchParams('?a=b+c&d').toString(), new URLSearchParams({ x: 1, y: '&' }).toString(), new URLSearchParams([['a', 'b'], ['a', 'c']]).toString(), new URLSearchParams(new Map([['m', 'n']])).toString(), new URLSearchParams(new URLSearchParams('k=v')).toString(), new URLSearchParams().size];
                    """)).isEqualTo("[\"a=b+c&d=\",\"x=1&y=%26\",\"a=b&a=c\",\"m=n\",\"k=v\",0]");
        }
    }

    @Test
    void searchParamsWhenReadAnswer() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const p = new URLSearchParams('b=2&a=1&a=0&c=%F0%9F%98%80');
                    p.sort();
                    const each = []; p.forEach((v, k, o) => each.push(k + v + (o === p)));
                    return [p.get('a'), p.get('none'), p.getAll('a'), p.has('a', '0'), p.has('a', 'x'), p.size, [...p.keys()], [...p.values()], each.length, Object.prototype.toString.call(p.entries())];
                    """))
                    .isEqualTo(
                            "[\"1\",null,[\"1\",\"0\"],true,false,4,[\"a\",\"a\",\"b\",\"c\"],[\"1\",\"0\",\"2\",\"😀\"],4,\"[object URLSearchParams Iterator]\"]");
        }
    }

    @Test
    void searchParamsWhenPairsAreWrongRefuse() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { new URLSearchParams([['a']]); } catch (e) { return e.message; }
                    """)).isEqualTo("URLSearchParams: every pair must have exactly two elements");
        }
    }

    @Test
    void urlWhenInvalidNamesTheInput() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const r = [];
                    for (const f of [() => new URL('nope'), () => new URL('/x', 'also nope'), () => { new URL('http://a').href = 'bad'; }]) { try { f(); } catch (e) { r.push(e.name + ' ' + e.message + ' ' + e.code); } }
                    return [r, URL.canParse('nope'), URL.canParse('/x', 'http://a'), URL.parse('nope'), URL.parse('http://a/x').pathname];
                    """))
                    .isEqualTo(
                            "[[\"TypeError Invalid URL: 'nope' ERR_INVALID_URL\",\"TypeError Invalid URL: '/x' with base 'also nope' ERR_INVALID_URL\",\"TypeError Invalid URL: 'bad' ERR_INVALID_URL\"],false,true,null,\"/x\"]");
        }
    }

    @Test
    void urlWhenSerialisedIsItsHref() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const u = new URL('HTTP://user:pw@ExAmple.com:80/a/../b?q#f');
                    return [`${u}`, JSON.stringify({ u }), u.origin, u.host, u.port, u.username, u.password, Object.prototype.toString.call(u)];
                    """))
                    .isEqualTo(
                            "[\"http://user:pw@example.com/b?q#f\",\"{\\\"u\\\":\\\"http://user:pw@example.com/b?q#f\\\"}\",\"http://example.com\",\"example.com\",\"\",\"user\",\"pw\",\"[object URL]\"]");
        }
    }

    @Test
    void urlWhenHostIsInternationalIsPunycode() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [new URL('https://b\\u00fccher.example/').hostname, new URL('https://\\u2603.net').host];
                    """)).isEqualTo("[\"xn--bcher-kva.example\",\"xn--n3h.net\"]");
        }
    }
}
