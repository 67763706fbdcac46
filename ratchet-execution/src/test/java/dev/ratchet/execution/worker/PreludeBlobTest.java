package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Blobs, files and forms. */
class PreludeBlobTest {

    @Test
    void blobWhenBuiltJoinsParts() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const b = new Blob(['a\\r\\nb', new Uint8Array([67]), new Blob(['d']), new DataView(new ArrayBuffer(1))], { type: 'Text/Plain' });
                    return [b.size, b.type, (await b.text()).replace('\\0', '0'), await b.slice(1, -2).text(), b.slice(0, 1, 'x/y').type, (await b.arrayBuffer()).byteLength, (await b.bytes()).length, await new Blob(['a\\r\\nb'], { endings: 'native' }).text()];
                    """))
                    .isEqualTo("[7,\"text/plain\",\"a\\r\\nbCd0\",\"\\r\\nbC\",\"x/y\",7,7,\"a\\nb\"]");
        }
    }

    @Test
    void blobWhenItsBytesAreChangedStaysTheSame() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const source = new Uint8Array([65]); const b = new Blob([source]); source[0] = 66;
                    (await b.bytes())[0] = 67; new Uint8Array(await b.arrayBuffer())[0] = 68;
                    return b.text();
                    """)).isEqualTo("A");
        }
    }

    @Test
    void fileWhenBuiltHasNameAndTime() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const f = new File(['x'], 'n.txt', { type: 'a/b' });
                    return [f.name, f.type, f.size, f.lastModified, f instanceof Blob, new File([], 'q', { lastModified: 5 }).lastModified];
                    """)).isEqualTo("[\"n.txt\",\"a/b\",1,1767225600000,true,5]");
        }
    }

    @Test
    void blobWhenPartsAreNoListRefuses() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { new Blob('text'); } catch (e) { return e.message; }
                    """))
                    .isEqualTo("Blob: the first argument must be an array of strings, buffers and blobs");
        }
    }

    @Test
    void formDataWhenChangedKeepsOrder() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const f = new FormData();
                    f.append('a', 1); f.append('b', new Blob(['x'])); f.append('a', 2); f.set('a', 3); f.append('c', new Blob(['y']), 'name.txt'); f.delete('none');
                    return [[...f.keys()], f.get('a'), f.getAll('a'), f.get('b').name, f.get('c').name, f.has('c'), f.get('none')];
                    """)).isEqualTo("[[\"a\",\"b\",\"c\"],\"3\",[\"3\"],\"blob\",\"name.txt\",true,null]");
        }
    }

    @Test
    void formDataWhenSentAndReadIsTheSame() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const f = new FormData();
                    f.append('q"\\n', 'l1\\nl2'); f.append('file', new File([new Uint8Array([0, 255, 13, 10])], 'b\\u00fc.bin', { type: 'x/y' }));
                    const r = new Response(f); const type = r.headers.get('content-type'); const raw = await r.clone().text();
                    const g = await r.formData(); const file = g.get('file');
                    return [type.startsWith('multipart/form-data; boundary=----'), raw.includes('name="q%22%0D%0A"\\r\\n\\r\\nl1\\r\\nl2\\r\\n--'), [...g.keys()].length, file.name, file.type, [...await file.bytes()]];
                    """)).isEqualTo("[true,true,2,\"bü.bin\",\"x/y\",[0,255,13,10]]");
        }
    }

    @Test
    void formDataWhenBodyIsUrlEncodedIsRead() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const g = await new Response(new URLSearchParams({ a: 'b c' })).formData();
                    let refused; try { await new Response('x').formData(); } catch (e) { refused = e.name; }
                    let broken; try { await new Response('x', { headers: { 'content-type': 'multipart/form-data; boundary=q' } }).formData(); } catch (e) { broken = e.name; }
                    return [g.get('a'), refused, broken];
                    """)).isEqualTo("[\"b c\",\"TypeError\",\"TypeError\"]");
        }
    }
}
