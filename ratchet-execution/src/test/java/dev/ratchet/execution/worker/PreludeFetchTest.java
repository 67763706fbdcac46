package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code fetch}, {@code Headers}, {@code Request} and {@code Response}. */
class PreludeFetchTest {

    @Test
    void fetchWhenAnsweredGivesResponseWithItsParts() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(
                    200, "h\u00e9", "X-A", "1", "x-a", "2", "Set-Cookie", "c=1", "set-cookie", "d=2");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/a?b#c');
                    return [r.ok, r.status, r.type, r.url, r.redirected, r.headers.get('X-A'), r.headers.getSetCookie(), r.bodyUsed, await r.text(), r.bodyUsed];
                    """))
                    .isEqualTo(
                            "[true,200,\"basic\",\"http://example.com/\",false,\"1, 2\",[\"c=1\",\"d=2\"],false,\"hé\",true]");
            assertThat(guest.fetches.getFirst().url()).isEqualTo("http://example.com/a?b");
            assertThat(guest.fetches.getFirst().method()).isEqualTo("GET");
            assertThat(guest.fetches.getFirst().body()).isNull();
        }
    }

    @Test
    void fetchWhenStatusIsAnErrorDoesNotThrow() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(500, "{\"e\":1}");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/'); return [r.ok, r.status, await r.json()];
                    """)).isEqualTo("[false,500,{\"e\":1}]");
        }
    }

    @Test
    void fetchWhenHostFailsRejectsWithReason() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { await fetch('http://example.com/'); } catch (e) { return [e instanceof TypeError, e.message, e.cause.code, e.cause.message]; }
                    """))
                    .isEqualTo("[true,\"fetch failed: connection refused\",\"ECONNREFUSED\",\"connection refused\"]");
        }
    }

    @Test
    void fetchWhenBodyIsGivenSendsItWithItsType() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "");

            assertThat(guest.run("""
                    const send = (body, headers) => fetch('http://example.com/', { method: 'post', body, headers });
                    await send('t\\u00e9xt'); await send(new URLSearchParams({ a: 'b' })); await send(new Uint8Array([1, 2, 3]).subarray(1)); await send(new Blob(['q'], { type: 'x/y' }));
                    await send('{}', { 'Content-Type': 'application/json' }); await send(new FormData());
                    return 'sent';
                    """)).isEqualTo("sent");
            assertThat(guest.fetches)
                    .extracting(f ->
                            f.headers().isEmpty() ? "" : f.headers().getFirst().value())
                    .containsExactly(
                            "text/plain;charset=UTF-8",
                            "application/x-www-form-urlencoded;charset=UTF-8",
                            "",
                            "x/y",
                            "application/json",
                            "multipart/form-data; boundary=----RatchetFormBoundary000102030405060708090a0b0c0d0e0f");
            assertThat(guest.fetches).extracting(FetchInit::method).containsOnly("POST");
            assertThat(guest.fetches.get(0).body())
                    .isEqualTo("t\u00e9xt".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(guest.fetches.get(2).body()).containsExactly(2, 3);
        }
    }

    @Test
    void fetchWhenArgumentsAreWrongRejectsAndSaysWhy() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const tries = [['x'], ['ftp://a/'], ['http://u:p@a/'], ['http://a/', { method: 'TRACE' }], ['http://a/', { method: 'b ad' }], ['http://a/', { body: 'x' }], ['http://a/', { headers: { 'b ad': '1' } }], ['http://a/', { headers: { a: '\\u2603' } }], ['http://a/', { redirect: 'maybe' }], ['http://a/', { signal: 1 }], ['http://a/', { method: 'POST', body: { a: 1 } }]];
                    const r = [];
                    for (const args of tries) { try { await fetch(...args); r.push('none'); } catch (e) { r.push(e instanceof TypeError ? e.message.slice(0, 34) : e); } }
                    return r;
                    """))
                    .isEqualTo(
                            "[\"fetch: 'x' is not an absolute URL\",\"fetch: 'ftp://a/' has the scheme f\",\"fetch: the URL contains credential\",\"Request: the method TRACE is not a\",\"Request: 'b ad' is not an HTTP met\",\"Request: a GET request cannot have\",\"Headers: 'b ad' is not a header na\",\"Headers: the value of 'a' has a ch\",\"Request: redirect 'maybe' is not o\",\"Request: signal must be an AbortSi\",\"a plain object cannot be a body; s\"]");
            assertThat(guest.fetches).isEmpty();
        }
    }

    @Test
    void fetchWhenAbortedWhileWaitingRejectsAndTellsHost() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const c = new AbortController();
                    const p = fetch('http://example.com/', { signal: c.signal });
                    c.abort();
                    try { await p; } catch (e) { return [e.name, e === c.signal.reason]; }
                    """)).isEqualTo("[\"AbortError\",true]");
            assertThat(guest.aborted).containsExactly(1L);
        }
    }

    @Test
    void fetchWhenSignalIsAbortedAlreadySendsNothing() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { await fetch('http://example.com/', { signal: AbortSignal.abort('no') }); } catch (e) { return e; }
                    """)).isEqualTo("no");
            assertThat(guest.fetches).isEmpty();
        }
    }

    @Test
    void fetchWhenAbortedAfterTheAnswerKeepsTheAnswer() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "late");

            assertThat(guest.run("""
                    const c = new AbortController();
                    const r = await fetch('http://example.com/', { signal: c.signal }); c.abort();
                    return r.text();
                    """)).isEqualTo("late");
            assertThat(guest.aborted).isEmpty();
        }
    }

    @Test
    void fetchWhenPromiseIsUsedAsResponseSaysAwaitOrCompat() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "");

            assertThat(guest.run("""
                    const r = [];
                    for (const name of ['body', 'status', 'ok', 'headers', 'json', 'text']) { try { fetch('http://example.com/')[name]; r.push(name); } catch (e) { r.push(/await fetch/.test(e.message) && /"compat": "ratchet-0.4"/.test(e.message)); } }
                    const p = fetch('http://example.com/');
                    return [r, p instanceof Promise, JSON.stringify(p), Object.keys(p), await p.then((x) => x.status)];
                    """)).isEqualTo("[[true,true,true,true,true,true],true,\"{}\",[],200]");
        }
    }

    @Test
    void fetchWhenManyRunSettlesEach() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, init.url().substring(18));

            assertThat(guest.run("""
                    const all = await Promise.all([1, 2, 3].map((i) => fetch('http://example.com/' + i).then((r) => r.text())));
                    return all;
                    """)).isEqualTo("[\"/1\",\"/2\",\"/3\"]");
        }
    }

    @Test
    void requestWhenPassedToFetchIsSentWithOverrides() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "");

            assertThat(guest.run("""
                    const q = new Request('http://example.com/', { method: 'PUT', headers: { a: '1' }, body: 'b', redirect: 'manual' });
                    const copy = q.clone();
                    await fetch(q); const used = q.bodyUsed;
                    await fetch(copy, { headers: { c: '2' } });
                    let again; try { await fetch(q); } catch (e) { again = e.name; }
                    return [used, again, q.url, q.method, q.redirect, q.mode, q.credentials, q.cache, q.signal.aborted];
                    """))
                    .isEqualTo(
                            "[true,\"TypeError\",\"http://example.com/\",\"PUT\",\"manual\",\"cors\",\"same-origin\",\"default\",false]");
            assertThat(guest.fetches).extracting(FetchInit::redirect).containsOnly(FetchInit.Redirect.MANUAL);
            assertThat(guest.fetches.get(0).headers()).contains(new HeaderField("a", "1"));
            assertThat(guest.fetches.get(1).headers()).containsExactly(new HeaderField("c", "2"));
        }
    }

    @Test
    void requestWhenItsSignalFiresFollows() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const c = new AbortController();
                    const q = new Request('http://example.com/', { signal: c.signal });
                    const p = fetch(q); c.abort('stop');
                    let caught; try { await p; } catch (e) { caught = e; }
                    return [q.signal.aborted, q.signal.reason, caught, q.signal === c.signal];
                    """)).isEqualTo("[true,\"stop\",\"stop\",false]");
        }
    }

    @Test
    void headersWhenCombinedFollowTheStandard() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const h = new Headers([['B', ' 1 '], ['a', 'x'], ['b', '2']]);
                    h.append('Set-Cookie', 'q'); h.append('set-cookie', 'r'); h.set('A', 'y');
                    const each = []; h.forEach((v, k) => each.push(k + '=' + v));
                    h.delete('b');
                    return [each, h.has('B'), h.get('set-cookie'), [...h.keys()], new Headers(h).get('a'), new Headers({ x: 5 }).get('X'), h.get('none')];
                    """))
                    .isEqualTo(
                            "[[\"a=y\",\"b=1, 2\",\"set-cookie=q\",\"set-cookie=r\"],false,\"q, r\",[\"a\",\"set-cookie\",\"set-cookie\"],\"y\",\"5\",null]");
        }
    }

    @Test
    void headersWhenOfAnAnswerCannotBeChanged() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "", "a", "1");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/');
                    try { r.headers.set('a', 'b'); } catch (e) { return [e.name, new Headers(r.headers).get('a')]; }
                    """)).isEqualTo("[\"TypeError\",\"1\"]");
        }
    }

    @Test
    void responseWhenBuiltChecksItsParts() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const name = (f) => { try { f(); return 'none'; } catch (e) { return e.name; } };
                    const r = new Response('x', { status: 201, statusText: 'Made', headers: { a: 'b' } });
                    return [r.status, r.statusText, r.headers.get('content-type'), r.type, name(() => new Response('', { status: 199 })), name(() => new Response('x', { status: 204 })), name(() => new Response('', { statusText: 'a\\n' })), Response.error().type, Response.error().status, Response.redirect('http://a/b', 307).headers.get('location'), name(() => Response.redirect('http://a/', 200))];
                    """))
                    .isEqualTo(
                            "[201,\"Made\",\"text/plain;charset=UTF-8\",\"default\",\"RangeError\",\"TypeError\",\"TypeError\",\"error\",0,\"http://a/b\",\"RangeError\"]");
        }
    }

    @Test
    void responseJsonWhenCalledSerialises() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const r = Response.json({ a: 1 }, { status: 202 });
                    return [r.status, r.headers.get('content-type'), await r.json(), Response.json(1, { headers: { 'content-type': 'x/y' } }).headers.get('content-type')];
                    """)).isEqualTo("[202,\"application/json\",{\"a\":1},\"x/y\"]");
        }
    }

    @Test
    void bodyWhenReadTwiceRefusesAndCloneHelps() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "body");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/'); const copy = r.clone();
                    await r.text();
                    const again = await r.text().catch((e) => e.name); let late; try { r.clone(); } catch (e) { late = e.name; }
                    return [again, late, await copy.text(), copy.status, copy.url];
                    """)).isEqualTo("[\"TypeError\",\"TypeError\",\"body\",200,\"http://example.com/\"]");
        }
    }

    @Test
    void bodyWhenReadAsBytesIsAFreshCopy() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "123456789", "content-type", "x/y");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/'); const c = r.clone();
                    const a = new Uint8Array(await r.arrayBuffer()); a[0] = 0;
                    const b = await c.bytes(); const blob = await (await fetch('http://example.com/')).blob();
                    return [a.length, [...b], blob.type, blob.size];
                    """)).isEqualTo("[9,[49,50,51,52,53,54,55,56,57],\"x/y\",9]");
        }
    }

    @Test
    void bodyWhenStreamedComesAsOneChunk() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const r = new Response('abc'); const chunks = []; for await (const chunk of r.body) chunks.push(chunk.length);
                    const reader = new Response('de').body.getReader(); const first = await reader.read(); const end = await reader.read();
                    return [chunks, r.bodyUsed, first.value.length, end.done, new Response(null).body];
                    """)).isEqualTo("[[3],true,2,true,null]");
        }
    }

    @Test
    void bodyWhenMalformedRejects() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [await new Response('{').json().catch((e) => e.name), await new Response().text(), await new Response('\\ufeffx').text(), await new Response('x').text().then((t) => t.length)];
                    """)).isEqualTo("[\"SyntaxError\",\"\",\"x\",1]");
        }
    }

    @Test
    void responseWhenStatusHasNoBodyHasNone() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(204, "");

            assertThat(guest.run("""
                    const r = await fetch('http://example.com/'); return [r.body, await r.text()];
                    """)).isEqualTo("[null,\"\"]");
        }
    }
}
