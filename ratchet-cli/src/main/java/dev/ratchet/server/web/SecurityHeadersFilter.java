package dev.ratchet.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Tells browsers what answers are not for; a route that needs other words overwrites them. There is no {@code
 * Strict-Transport-Security}: the server is reached by a name of this machine, and it would bind every other server of
 * that name.
 */
final class SecurityHeadersFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** Documents of this server load nothing, and nobody else's show them. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            "X-Frame-Options",
            "SAMEORIGIN",
            "X-Content-Type-Options",
            "nosniff",
            // The filter of old browsers could be turned against the page; this switches it off.
            "X-XSS-Protection",
            "0",
            "Referrer-Policy",
            "strict-origin-when-cross-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HEADERS.forEach(response::setHeader);
        chain.doFilter(request, response);
    }
}
