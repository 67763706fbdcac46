package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRulesTest {
    @Test
    void proxyForWhenSchemesDifferTakesEachItsOwn() throws Exception {
        ProxyRules rules = new ProxyRules(
                new HttpSettings.Proxy("http://plain.example:3128", "http://u:p%40@secure.example", null));

        assertThat(rules.proxyFor(HttpUrl.parse("http://a.example/")))
                .contains(new ProxyRules.ProxyAddress("plain.example", 3128, null));
        assertThat(rules.proxyFor(HttpUrl.parse("https://a.example/")))
                .contains(new ProxyRules.ProxyAddress("secure.example", 80, "Basic dTpwQA=="));
    }

    @Test
    void proxyForWhenNoneIsEmpty() throws Exception {
        assertThat(new ProxyRules(HttpSettings.Proxy.NONE).proxyFor(HttpUrl.parse("http://a.example/")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "*, http://a.example/, true",
        "a.example, http://a.example/, true",
        "a.example, http://x.a.example/, true",
        "a.example, http://ba.example/, false",
        ".a.example, http://x.a.example/, true",
        "*.a.example, http://x.a.example/, true",
        "A.Example, http://a.example/, true",
        "a.example:8080, http://a.example/, false",
        "a.example:8080, http://a.example:8080/, true",
        "10.0.0.0/8, http://10.1.2.3/, true",
        "10.0.0.0/8, http://11.1.2.3/, false",
        "10.1.2.3, http://10.1.2.3:99/, true",
        "10.1.2.3:98, http://10.1.2.3:99/, false",
        "::1, http://[::1]/, true",
        "[::1]:8080, http://[::1]:8080/, true",
        "fd00::/8, http://[fd00::1]/, true",
        "'b.example, a.example', http://a.example/, true"
    })
    void proxyForWhenExemptIsEmpty(String noProxy, String url, boolean exempt) throws Exception {
        ProxyRules rules = new ProxyRules(new HttpSettings.Proxy("http://proxy.example", null, noProxy));

        assertThat(rules.proxyFor(HttpUrl.parse(url)).isEmpty()).isEqualTo(exempt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example:3128",
                "https://proxy.example",
                "socks5://p.example",
                "http://u:s3cret@",
                "http://a b"
            })
    void newWhenProxyIsNotUsableNamesKeyWithoutValue(String proxy) {
        assertThatThrownBy(() -> new ProxyRules(new HttpSettings.Proxy(null, proxy, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http.proxy.https_proxy")
                .hasMessageContaining("accepted is http://")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "a.example:port", "10.0.0.0/x", "a;b"})
    void newWhenExemptionIsNotUsableNamesIt(String noProxy) {
        assertThatThrownBy(() -> new ProxyRules(new HttpSettings.Proxy(null, null, noProxy)))
                .hasMessageContaining("http.proxy.no_proxy")
                .hasMessageContaining(noProxy);
    }

    @Test
    void toStringWhenCredentialsLeavesThemOut() {
        HttpSettings.Proxy proxy = new HttpSettings.Proxy("http://u:s3cret@p.example", null, null);

        assertThat(proxy.toString()).doesNotContain("s3cret");
        assertThat(new ProxyRules.ProxyAddress("p.example", 80, "Basic x").toString())
                .isEqualTo("p.example:80");
    }
}
