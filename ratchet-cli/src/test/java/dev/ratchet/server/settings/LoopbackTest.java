package dev.ratchet.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.255.255.254", "::1", "[::1]"})
    void isLoopbackWhenItNamesThisMachineIsTrue(String host) {
        assertThat(Loopback.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0.0.0.0",
                "::",
                "example.com",
                "127.0.0.1.example.com",
                "localhost.example.com",
                "127.0.0.256",
                "127.1",
                "127.0.0.01",
                "128.0.0.1",
                "[::1].example.com",
                "::ffff:10.0.0.1"
            })
    void isLoopbackWhenItCouldBeElsewhereIsFalse(String host) {
        assertThat(Loopback.isLoopback(host)).isFalse();
    }
}
