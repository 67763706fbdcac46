package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.server.observe.Figures;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.coyote.BadRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The outermost filter. Gives every request its id: the caller's {@code X-Request-ID} if it is well-formed, else a new
 * one. The id is on every log line of the request, in the answer, and in problems. Also times the request, and turns what
 * nobody handled into a problem.
 */
final class RequestIdFilter extends HttpFilter {
    /** Request attribute with the id; also its key on log lines. */
    static final String ATTRIBUTE = "requestId";

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(RequestIdFilter.class);
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/=+-]{0,127}");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    private final transient UuidV7 ids;
    private final transient Figures figures;

    RequestIdFilter(UuidV7 ids, Figures figures) {
        this.ids = ids;
        this.figures = figures;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String id = id(request);
        try (var _ = MDC.putCloseable(ATTRIBUTE, id)) {
            if (request.getDispatcherType() != DispatcherType.REQUEST) {
                chain.doFilter(request, response);
                return;
            }
            long begun = System.nanoTime();
            response.setHeader(Problems.REQUEST_ID, id);
            try {
                chain.doFilter(request, response);
            } catch (IOException | ServletException | RuntimeException e) {
                fail(request, response, e);
            }
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtTheEnd(() -> answered(request, response, begun)));
            } else {
                answered(request, response, begun);
            }
        }
    }

    private String id(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String given = request.getHeader(Problems.REQUEST_ID);
        String id = given != null && WELL_FORMED.matcher(given).matches()
                ? given
                : ids.next().toString();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    private static void fail(HttpServletRequest request, HttpServletResponse response, Exception failure)
            throws IOException {
        if (BodyLimitFilter.exceeded(request)) {
            Problems.write(
                    request, response, ProblemCode.PAYLOAD_TOO_LARGE, BodyLimitFilter.message(request), List.of());
            return;
        }
        if (failure instanceof BadRequestException || (response.isCommitted() && failure instanceof IOException)) {
            // The caller has gone away, or sends no proper body; that is no fault of ours.
            log.atDebug().setCause(failure).log("the request could not be read, or the answer not be sent");
            Problems.write(
                    request,
                    response,
                    ProblemCode.BAD_REQUEST,
                    "the body breaks off, or is not sent as HTTP wants it",
                    List.of());
            return;
        }
        Problems.write(request, response, failure);
    }

    private void answered(HttpServletRequest request, HttpServletResponse response, long begun) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "OTHER";
        figures.answered(
                method,
                pattern == null ? "none" : pattern.toString(),
                response.getStatus(),
                Duration.ofNanos(System.nanoTime() - begun));
    }

    private record AtTheEnd(Runnable action) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            action.run();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // Completion follows.
        }

        @Override
        public void onError(AsyncEvent event) {
            // Completion follows.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
