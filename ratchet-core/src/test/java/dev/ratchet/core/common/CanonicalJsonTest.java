package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {"b": 1.0, "a": [1e2 ]} | {"a":[100],"b":1}
            ` 1.50 `                | 1.5
            "\\u00e9"               | "é"
            true                    | true
            null                    | null
            []                      | []
            """)
    void ofGivesTheOneForm(String document, String canonical) {
        assertThat(new String(CanonicalJson.of(new JsonText(document)), StandardCharsets.UTF_8))
                .isEqualTo(canonical);
    }

    @Test
    void ofWhenANumberIsTooLargeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(new JsonText("1e999")));
    }
}
