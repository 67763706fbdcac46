package dev.ratchet.execution.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The essentials; the public vectors run through the JavaScript class. */
class WhatwgUrlTest {

    @ParameterizedTest
    @CsvSource({
        "HTTP://Example.com:80/a/../b?q#f, http://example.com/b?q#f",
        "https://user:p%40ss@host:8443/, https://user:p%40ss@host:8443/",
        "http://0x7f.1/, http://127.0.0.1/",
        "http://2130706433/, http://127.0.0.1/",
        "http://[::ffff:1.2.3.4]/, http://[::ffff:102:304]/",
        "http://[1:0:0:0:0:0:0:1]/, http://[1::1]/",
        "http://bücher.example/, http://xn--bcher-kva.example/",
        "http://a/b c?d e#f g, http://a/b%20c?d%20e#f%20g",
        "http:\\\\a\\b, http://a/b",
        "file:///C|/x/../.., file:///C:/",
        "mailto:a@b, mailto:a@b",
        "'  http://a/  ', http://a/",
    })
    void urlWhenParsedIsNormal(String input, String expected) {
        assertThat(WhatwgUrl.parse(input).orElseThrow().href()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "//a",
                "http://",
                "http://a:65536/",
                "http://a:b/",
                "http://[::1",
                "http://[1:2]/",
                "http://1.2.3.256/",
                "http://1.2.3.4.5/",
                "http://a b/",
                "http://a%00b/",
                "http://%ff/",
                "https://\u00ad/",
                "http://0x100000000/"
            })
    void urlWhenInvalidIsNothing(String input) {
        assertThat(WhatwgUrl.parse(input)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "../x, http://h/x",
        "/x, http://h/x",
        "?x, http://h/a/b?x",
        "#x, http://h/a/b?q#x",
        "//g, http://g/",
        "'', http://h/a/b?q"
    })
    void urlWhenRelativeResolvesAgainstBase(String input, String expected) {
        var base = WhatwgUrl.parse("http://h/a/b?q#f").orElseThrow();

        assertThat(WhatwgUrl.parse(input, base).orElseThrow().href()).isEqualTo(expected);
    }

    @Test
    void setterWhenValueIsInvalidChangesNothing() {
        var url = WhatwgUrl.parse("http://a:81/").orElseThrow();

        url.setHost("b c");
        url.setPort("x");
        url.setProtocol("mailto");

        assertThat(url.setHref("nope")).isFalse();
        assertThat(url.href()).isEqualTo("http://a:81/");
    }

    @Test
    void portWhenDefaultIsKnownAllTheSame() {
        assertThat(WhatwgUrl.parse("https://a/").orElseThrow().effectivePort()).isEqualTo(443);
        assertThat(WhatwgUrl.parse("http://a:81/").orElseThrow().effectivePort())
                .isEqualTo(81);
        assertThat(WhatwgUrl.parse("x://a/").orElseThrow().effectivePort()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/%s", "http://a/?%s", "http://%sa/", "http://%s", "x:%s", "http://a/#%s"})
    @Timeout(30)
    void urlWhenLongIsParsedWithoutDelay(String pattern) {
        for (String part : List.of("../x", "@", "[", "%41", "\u00e4", ":", ".1")) {
            var input = pattern.formatted(part.repeat(300_000));

            assertThatCode(() -> WhatwgUrl.parse(input).map(WhatwgUrl::href)).doesNotThrowAnyException();
        }
    }
}
