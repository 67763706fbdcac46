package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import dev.ratchet.cli.config.ServerSettings.Cors;
import dev.ratchet.server.settings.Loopback;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other places away from a server that trusts this machine: a name that an attacker lets point here
 * (DNS rebinding) shows in {@code Host}, and a page that calls from elsewhere shows in {@code Origin}. The host must be
 * this machine, by any port, since one may be forwarded. The origin must be this machine too, or one that {@code
 * server.cors} allows, whose pages are told so in the way of the Fetch standard, section 3.3.
 */
final class OriginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** Header fields of answers that scripts of other origins may read, beyond those they may always read. */
    private static final String EXPOSED =
            "X-Total-Count, Content-Range, Link, Location, ETag, Retry-After, X-Request-ID," + " Idempotent-Replay";

    private final transient Cors settings;
    private final boolean everybody;
    private final transient Set<String> origins;
    private final transient Set<String> headers;

    OriginFilter(Cors settings) {
        this.settings = settings;
        this.everybody = settings.allowedOrigins().contains("*");
        this.origins =
                settings.allowedOrigins().stream().map(OriginFilter::plain).collect(Collectors.toUnmodifiableSet());
        this.headers =
                settings.allowedHeaders().stream().map(OriginFilter::plain).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!Loopback.isLoopback(request.getServerName())) {
            refuse(
                    request,
                    response,
                    "the Host header does not name this machine; accepted: localhost, 127.0.0.1 and [::1]");
            return;
        }
        if (!origins.isEmpty()) {
            // A cache must not give one page the answer that another one may read.
            response.addHeader("Vary", "Origin");
        }
        List<String> given = Collections.list(request.getHeaders("Origin"));
        if (given.isEmpty()) {
            chain.doFilter(request, response);
        } else if (given.size() == 1 && isAllowed(given.getFirst())) {
            share(request, response, chain, given.getFirst());
        } else if (given.stream().allMatch(OriginFilter::isLocal)) {
            // The server's own pages come so as well; what others may read of the answer is the browser's to say.
            chain.doFilter(request, response);
        } else {
            refuse(
                    request,
                    response,
                    "the Origin header names neither this machine nor one of server.cors.allowed_origins; accepted: pages"
                            + " of localhost, 127.0.0.1 and [::1]"
                            + (origins.isEmpty() ? "" : " and of " + String.join(", ", settings.allowedOrigins())));
        }
    }

    private void share(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String origin)
            throws IOException, ServletException {
        response.setHeader("Access-Control-Allow-Origin", everybody && !settings.allowCredentials() ? "*" : origin);
        if (settings.allowCredentials()) {
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        String wanted = request.getHeader("Access-Control-Request-Method");
        if (request.getMethod().equals("OPTIONS") && wanted != null) {
            preflight(request, response, wanted);
        } else if (isAllowedMethod(request.getMethod())) {
            response.setHeader("Access-Control-Expose-Headers", EXPOSED);
            chain.doFilter(request, response);
        } else {
            refuse(request, response, methodRefused());
        }
    }

    private void preflight(HttpServletRequest request, HttpServletResponse response, String method) throws IOException {
        if (!isAllowedMethod(method)) {
            refuse(request, response, methodRefused());
            return;
        }
        String fields = request.getHeader("Access-Control-Request-Headers");
        if (!areAllowedHeaders(fields)) {
            refuse(
                    request,
                    response,
                    "one of the header fields is not for pages of other origins; accepted (server.cors.allowed_headers): "
                            + String.join(", ", settings.allowedHeaders()));
            return;
        }
        response.setHeader("Access-Control-Allow-Methods", String.join(", ", settings.allowedMethods()));
        if (fields != null) {
            response.setHeader("Access-Control-Allow-Headers", String.join(", ", settings.allowedHeaders()));
        }
        response.setHeader(
                "Access-Control-Max-Age", String.valueOf(settings.maxAge().toSeconds()));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private String methodRefused() {
        return "the method is not for pages of other origins; accepted (server.cors.allowed_methods): "
                + String.join(", ", settings.allowedMethods());
    }

    /** HEAD is as harmless as GET, and both are what a page may ask without being asked back. */
    private boolean isAllowedMethod(String method) {
        return settings.allowedMethods().contains(method)
                || (method.equals("HEAD") && settings.allowedMethods().contains("GET"))
                || method.equals("OPTIONS");
    }

    private boolean areAllowedHeaders(@Nullable String fields) {
        if (fields == null || headers.contains("*")) {
            return true;
        }
        for (String field : fields.split(",", -1)) {
            String name = plain(field);
            if (!name.isEmpty() && !headers.contains(name)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAllowed(String origin) {
        return everybody || origins.contains(plain(origin));
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, String detail)
            throws IOException {
        Problems.write(request, response, ProblemCode.FORBIDDEN, detail, List.of());
    }

    private static boolean isLocal(String origin) {
        try {
            URI uri = new URI(origin);
            String scheme = uri.getScheme();
            return ("http".equals(scheme) || "https".equals(scheme))
                    && uri.getHost() != null
                    && Loopback.isLoopback(uri.getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
