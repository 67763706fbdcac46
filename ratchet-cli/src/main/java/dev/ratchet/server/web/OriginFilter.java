package dev.ratchet.server.web;

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

/**
 * Keeps web pages of other places away from a server that trusts this machine: a name that an attacker lets point here
 * (DNS rebinding) shows in {@code Host}, and a page that calls from elsewhere shows in {@code Origin}. Both must name this
 * machine. Any port goes, since one may be forwarded.
 */
final class LoopbackFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!Loopback.isLoopback(request.getServerName())) {
            ProblemWriter.write(
                    request,
                    response,
                    403,
                    "the Host header does not name this machine; accepted: localhost, 127.0.0.1 and [::1]");
            return;
        }
        for (String origin : Collections.list(request.getHeaders("Origin"))) {
            if (!isLocal(origin)) {
                ProblemWriter.write(
                        request,
                        response,
                        403,
                        "the Origin header does not name this machine; accepted: pages of localhost, 127.0.0.1 and [::1]");
                return;
            }
        }
        chain.doFilter(request, response);
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
