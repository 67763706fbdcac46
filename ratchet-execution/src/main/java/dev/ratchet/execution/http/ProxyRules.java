package dev.ratchet.execution.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which proxy a URL goes through. */
final class ProxyRules {
    /**
     * A proxy.
     *
     * @param host name or literal without brackets
     * @param port TCP port
     * @param authorization value of {@code Proxy-Authorization}; null without credentials
     */
    record ProxyAddress(String host, int port, @Nullable String authorization) {
        /** Leaves credentials out. */
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * One entry of {@code no_proxy}.
     *
     * @param name host name it covers, names below included; empty for any
     * @param block addresses it covers; null for a name
     * @param port 0 for any
     */
    private record Exemption(String name, AddressPolicy.@Nullable Block block, int port) {
        boolean covers(HttpUrl url) {
            if (port != 0 && port != url.port()) {
                return false;
            }
            if (block != null) {
                InetAddress literal = url.literal();
                return literal != null && block.contains(literal.getAddress());
            }
            return name.isEmpty() || url.host().equals(name) || url.host().endsWith("." + name);
        }
    }

    private final @Nullable ProxyAddress forHttp;
    private final @Nullable ProxyAddress forHttps;
    private final List<Exemption> exemptions;

    /** @throws IllegalArgumentException naming the key whose value cannot be used */
    ProxyRules(HttpSettings.Proxy settings) {
        forHttp = proxy("http.proxy.http_proxy", settings.httpProxy());
        forHttps = proxy("http.proxy.https_proxy", settings.httpsProxy());
        exemptions = exemptions(settings.noProxy());
    }

    /** The proxy for {@code url}; empty to connect directly. */
    Optional<ProxyAddress> proxyFor(HttpUrl url) {
        ProxyAddress proxy = url.isSecure() ? forHttps : forHttp;
        if (proxy == null || exemptions.stream().anyMatch(exemption -> exemption.covers(url))) {
            return Optional.empty();
        }
        return Optional.of(proxy);
    }

    private static @Nullable ProxyAddress proxy(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(value.strip());
        } catch (URISyntaxException e) {
            throw invalid(key);
        }
        String host = uri.getHost();
        if (!"http".equalsIgnoreCase(uri.getScheme())
                || host == null
                || (uri.getRawPath() != null && !uri.getRawPath().matches("/?"))
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw invalid(key);
        }
        String userInfo = uri.getUserInfo();
        String authorization = userInfo == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ProxyAddress(bare.toLowerCase(Locale.ROOT), uri.getPort() < 0 ? 80 : uri.getPort(), authorization);
    }

    /** Does not quote the value, which may hold a password. */
    private static IllegalArgumentException invalid(String key) {
        return new IllegalArgumentException(
                key + " is not a proxy address; accepted is http://[user:password@]host[:port]");
    }

    private static List<Exemption> exemptions(@Nullable String noProxy) {
        List<Exemption> exemptions = new ArrayList<>();
        for (String entry : (noProxy == null ? "" : noProxy).split("[,\\s]+", -1)) {
            if (!entry.isEmpty()) {
                exemptions.add(exemption(entry.toLowerCase(Locale.ROOT)));
            }
        }
        return List.copyOf(exemptions);
    }

    private static Exemption exemption(String entry) {
        if (entry.equals("*")) {
            return new Exemption("", null, 0);
        }
        Optional<InetAddress> whole = IpText.literal(entry);
        if (whole.isPresent()) {
            return new Exemption("", block(whole.get(), -1), 0);
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            InetAddress first = IpText.literal(entry.substring(0, slash)).orElseThrow(() -> invalidExemption(entry));
            String bits = entry.substring(slash + 1);
            if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > first.getAddress().length * 8) {
                throw invalidExemption(entry);
            }
            return new Exemption("", block(first, Integer.parseInt(bits)), 0);
        }
        int colon = entry.lastIndexOf(':');
        int port = 0;
        String host = entry;
        if (colon >= 0) {
            String digits = entry.substring(colon + 1);
            if (!digits.matches("[1-9][0-9]{0,4}")) {
                throw invalidExemption(entry);
            }
            port = Integer.parseInt(digits);
            host = entry.substring(0, colon);
        }
        Optional<InetAddress> literal = IpText.literal(host);
        if (literal.isPresent()) {
            return new Exemption("", block(literal.get(), -1), port);
        }
        String name = host.replaceFirst("^\\*?\\.", "");
        if (!name.matches("[a-z0-9_.-]+")) {
            throw invalidExemption(entry);
        }
        return new Exemption(name, null, port);
    }

    private static AddressPolicy.Block block(InetAddress first, int bits) {
        byte[] prefix = first.getAddress();
        return new AddressPolicy.Block(prefix, bits < 0 ? prefix.length * 8 : bits, "no_proxy");
    }

    private static IllegalArgumentException invalidExemption(String entry) {
        return new IllegalArgumentException("http.proxy.no_proxy has the entry '" + entry
                + "'; accepted are *, host names, IP addresses and CIDR blocks, names and addresses with an optional"
                + " :port");
    }
}
