package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Text encodings and base64. */
class PreludeEncodingTest {

    @Test
    void textEncoderWhenRoundTrippedGivesText() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const bytes = new TextEncoder().encode('h\\u00e9\\ud83d\\ude00\\ud800');
                    return [bytes.length, new TextDecoder().decode(bytes), new TextEncoder().encodeInto('abc', new Uint8Array(2)).written];
                    """)).isEqualTo("[10,\"hé😀�\",2]");
        }
    }

    @Test
    void textDecoderWhenStreamingKeepsCutCharacters() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const d = new TextDecoder(); const j = new TextDecoder('shift_jis');
                    return [d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xac])), j.decode(new Uint8Array([0x82]), { stream: true }) + j.decode(new Uint8Array([0xa0])), j.decode(new Uint8Array([0x82, 0xa0]))];
                    """)).isEqualTo("[\"€\",\"あ\",\"あ\"]");
        }
    }

    @Test
    void textDecoderWhenFatalRefusesMalformed() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const r = [];
                    for (const label of ['utf-8', 'shift_jis', 'utf-16le']) {
                    try { new TextDecoder(label, { fatal: true }).decode(new Uint8Array([0xff])); r.push('none'); } catch (e) { r.push(e.name); } }
                    return [r, new TextDecoder().decode(new Uint8Array([0xff, 65]))];
                    """)).isEqualTo("[[\"TypeError\",\"TypeError\",\"TypeError\"],\"�A\"]");
        }
    }

    @Test
    void textDecoderWhenByteOrderMarkIsThereFollowsOption() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 65]);
                    return [new TextDecoder().decode(bytes).length, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).length, new TextDecoder().ignoreBOM];
                    """)).isEqualTo("[1,2,false]");
        }
    }

    @Test
    void textDecoderWhenLabelledKnowsTheStandardsNames() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const name = (label) => { try { return new TextDecoder(label).encoding; } catch (e) { return e.name; } };
                    return [' UTF8 ', 'latin1', 'ascii', 'utf-16', 'utf-16be', 'gb2312', 'big5', 'euc-kr', 'koi8-r', 'nonsense'].map(name);
                    """))
                    .isEqualTo(
                            "[\"utf-8\",\"windows-1252\",\"windows-1252\",\"utf-16le\",\"utf-16be\",\"gbk\",\"big5\",\"euc-kr\",\"koi8-r\",\"RangeError\"]");
        }
    }

    @Test
    void textDecoderWhenWindows1252MapsEveryByte() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const all = new TextDecoder('latin1').decode(Uint8Array.from({ length: 256 }, (_, i) => i));
                    return [all.length, all[0x80], all[0x81].charCodeAt(0), all[0xe9], all.includes('\\ufffd')];
                    """)).isEqualTo("[256,\"€\",129,\"é\",false]");
        }
    }

    @Test
    void textDecoderWhenGivenViewReadsItsPart() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const b = new TextEncoder().encode('abcdef').buffer;
                    return [new TextDecoder().decode(new DataView(b, 1, 2)), new TextDecoder('latin1').decode(new Uint8Array(b, 2, 2)), new TextDecoder().decode(b), new TextDecoder().decode()];
                    """)).isEqualTo("[\"bc\",\"cd\",\"abcdef\",\"\"]");
        }
    }

    @Test
    void base64WhenRoundTrippedGivesBytes() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [btoa('\\u00ff\\u0000a'), atob(' /wBh\\n'), atob('YQ'), atob('YQ=='), atob('')].map((s) => escape(s));
                    """)).isEqualTo("[\"/wBh\",\"%FF%00a\",\"a\",\"a\",\"\"]");
        }
    }

    @Test
    void base64WhenInvalidThrowsDomException() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const name = (f) => { try { return f(); } catch (e) { return e instanceof DOMException && e.name; } };
                    return [name(() => atob('a')), name(() => atob('YQ=')), name(() => atob('Y*==')), name(() => btoa('\\u0100'))];
                    """))
                    .isEqualTo(
                            "[\"InvalidCharacterError\",\"InvalidCharacterError\",\"InvalidCharacterError\",\"InvalidCharacterError\"]");
        }
    }
}
