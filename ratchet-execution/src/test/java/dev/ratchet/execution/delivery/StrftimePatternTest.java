package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrftimePatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            %Y-%m-%dT%H:%M:%S%.3fZ | 2026-03-07T08:09:10.123Z
            %F_%T %D %R            | 2026-03-07_08:09:10 03/07/26 08:09
            %y %j %e %I %p         | 26 066  7 08 AM
            %a %A %b %B %u         | Sat Saturday Mar March 6
            %3f %.6f %9f           | 123 .123000 123000000
            %s %z %:z              | 1772870950 +0000 +00:00
            %G-W%V                 | 2026-W10
            100%%                  | 100%
            """)
    void formatWhenDirectivesAreKnownResultIsThatOfStrftime(String pattern, String expected) {
        assertThat(StrftimePattern.parse(pattern).format(Deliveries.NOW.atZone(ZoneOffset.UTC)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%Q", "%", "%4f", "%.x", "%3", ""})
    void parseWhenDirectiveIsUnknownIsRefused(String pattern) {
        assertThatThrownBy(() -> StrftimePattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsWhenFormatIsUnknownAreRefused() {
        DeliverySettings good = Deliveries.settings(java.nio.file.Path.of("out"));
        assertThatThrownBy(() ->
                        new DeliverySettings(good.root(), "%Q", true, false, 1, good.security(), good.circuitBreaker()))
                .hasMessageContaining("%Y");
    }
}
