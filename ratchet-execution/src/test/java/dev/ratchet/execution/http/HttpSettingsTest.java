package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void defaultsWhenReadAreTheDocumentedOnes() {
        HttpSettings defaults = HttpSettings.DEFAULTS;

        assertThat(defaults.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(defaults.maxRedirects()).isEqualTo(10);
        assertThat(defaults.userAgent()).isEqualTo("Ratchet/1.0");
        assertThat(defaults.verifySsl()).isTrue();
        assertThat(defaults.connectionPool())
                .isEqualTo(new HttpSettings.ConnectionPool(10, Duration.ofSeconds(90), Duration.ofSeconds(10)));
        assertThat(defaults.proxy()).isEqualTo(new HttpSettings.Proxy(null, null, null));
    }

    @Test
    void newWhenOutOfRangeNamesKeyAndRange() {
        assertThatThrownBy(() -> HttpSettings.DEFAULTS.withTimeout(Duration.ZERO))
                .hasMessageContaining("http.timeout");
        assertThatThrownBy(() -> HttpSettings.DEFAULTS.withMaxRedirects(-1))
                .hasMessageContaining("http.max_redirects")
                .hasMessageContaining("0 to 50");
        assertThatThrownBy(() -> new HttpSettings.ConnectionPool(-1, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessageContaining("max_idle_per_host");
        assertThatThrownBy(() -> new HttpSettings(
                        Duration.ofSeconds(1),
                        0,
                        "a\nb",
                        true,
                        HttpSettings.ConnectionPool.DEFAULTS,
                        HttpSettings.Proxy.NONE,
                        10,
                        1000))
                .hasMessageContaining("http.user_agent");
    }
}
