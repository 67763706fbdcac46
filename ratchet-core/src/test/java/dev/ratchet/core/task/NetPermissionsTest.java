package dev.ratchet.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.task.NetPermissions.HostRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetPermissionsTest {
    @ParameterizedTest
    @CsvSource({
        "example.com,example.com,true",
        "example.com,www.example.com,false",
        "example.com,example.com.evil.net,false",
        "*.example.com,www.example.com,true",
        "*.example.com,a.b.example.com,true",
        "*.example.com,example.com,false",
        "*.example.com,.example.com,false",
        "*.example.com,evilexample.com,false",
        "*,anything.at.all,true",
    })
    void permitsWhenHostIsAskedForFollowsThePattern(String pattern, String host, boolean permitted) {
        NetPermissions net = new NetPermissions(false, List.of(new HostRule(pattern, Set.of())));

        assertThat(net.permits(host, "GET")).isEqualTo(permitted);
    }

    @Test
    void permitsWhenMethodsAreListedAcceptsTheseOnly() {
        NetPermissions net = new NetPermissions(
                false, List.of(new HostRule("a.example", Set.of("GET")), new HostRule("b.example", Set.of())));

        assertThat(net.permits("a.example", "GET")).isTrue();
        assertThat(net.permits("a.example", "POST")).isFalse();
        assertThat(net.permits("b.example", "POST")).isTrue();
    }

    @Test
    void permitsWhenNothingIsDeclaredAcceptsEverything() {
        assertThat(NetPermissions.ANY_PUBLIC_HOST.permits("a.example", "DELETE"))
                .isTrue();
        assertThat(new NetPermissions(false, List.of()).permits("a.example", "GET"))
                .isFalse();
    }
}
