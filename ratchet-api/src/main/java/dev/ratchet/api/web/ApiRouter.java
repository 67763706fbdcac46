package dev.ratchet.api.web;

import dev.ratchet.api.HttpFault;
import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.RatchetException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;

/**
 * Hands every request below {@link #PREFIX} to its route. What routes have in common happens here and once: finding them,
 * methods, media types, unknown parameters, entity tags, chosen properties, and the one shape of errors.
 *
 * <p>Routes are data rather than annotated methods, since the same table makes the published description and the checks of
 * unknown names; and a call costs no reflection.
 */
public final class ApiRouter extends AbstractHandlerMapping implements ApplicationListener<ContextClosedEvent> {
    /** What every address begins with. */
    public static final String PREFIX = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);

    private final List<Route> routes;
    private final RouteTree tree;
    private final Function<HttpServletRequest, Caller> callers;
    private final InstantSource clock;
    private final long maxBodyBytes;
    private final MemoryBudget memory;
    private final StreamPlaces streams;
    private volatile boolean closing;

    /**
     * @param callers tells on whose behalf a request comes
     * @param maxBodyBytes largest JSON body
     * @param maxStreams streams of events open at a time
     * @param memory for large bodies and answers
     */
    public ApiRouter(
            List<? extends Controller> controllers,
            Function<HttpServletRequest, Caller> callers,
            InstantSource clock,
            long maxBodyBytes,
            int maxStreams,
            MemoryBudget memory) {
        this.routes = controllers.stream()
                .flatMap(controller -> controller.routes().stream())
                .toList();
        this.tree = new RouteTree(routes);
        this.callers = callers;
        this.clock = clock;
        this.maxBodyBytes = maxBodyBytes;
        this.memory = memory;
        this.streams = new StreamPlaces(maxStreams);
        setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
    }

    /** Every route there is. */
    public List<Route> routes() {
        return routes;
    }

    /** Lets streams end by themselves, so that none holds up the server's end. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        closing = true;
    }

    @Override
    protected @Nullable Object getHandlerInternal(HttpServletRequest request) {
        String uri = request.getRequestURI();
        boolean below =
                uri.startsWith(PREFIX) && (uri.length() == PREFIX.length() || uri.charAt(PREFIX.length()) == '/');
        return below ? (HttpRequestHandler) this::answer : null;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (MemoryBudget.Hold hold = memory.hold();
                StreamPlaces.Place place = streams.place()) {
            dispatch(request, response, hold, place);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Problems.write(
                    request,
                    response,
                    new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the server is shutting down", e));
        } catch (IOException e) {
            // Reading or writing the connection failed: there is nobody left to tell.
            LOG.atDebug().setCause(e).log("connection lost");
            throw e;
        } catch (RuntimeException e) {
            Problems.write(request, response, e);
        }
    }

    private void dispatch(
            HttpServletRequest request, HttpServletResponse response, MemoryBudget.Hold hold, StreamPlaces.Place place)
            throws IOException, InterruptedException {
        List<String> segments = segments(request.getRequestURI());
        RouteTree.Match match = tree.find(segments).orElseThrow(() -> unknown(request, segments));
        String method = request.getMethod();
        if (method.equals("OPTIONS")) {
            response.setHeader("Allow", allowed(match));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        Route route = match.byMethod().get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            throw new HttpFault(
                    ProblemCode.METHOD_NOT_ALLOWED,
                    shown(method) + " is not offered here; accepted: " + allowed(match),
                    Problems.allow(allowed(match)));
        }
        checkAcceptable(request, route);
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, PREFIX + route.path());
        Query query = Query.parse(request.getQueryString());
        for (String name : query.names()) {
            if (!route.knows(name)) {
                throw Query.invalid(
                        shown(name), "is an " + KnownNames.unknown("parameter", name, route.parameterNames()));
            }
        }
        Call call = new Call(
                request,
                route,
                match.variables(route),
                query,
                callers.apply(request),
                clock.instant(),
                maxBodyBytes,
                hold,
                place);
        if (route.body().isEmpty() && route.otherBodies().isEmpty() && call.hasBody()) {
            throw call.unsupported(call.contentType());
        }
        Optional<FieldSelection> selection = selection(route, query);
        send(request, response, route.handler().handle(call), selection, hold, place);
    }

    private static void checkAcceptable(HttpServletRequest request, Route route) {
        String accept = request.getHeader("Accept");
        List<String> produces = route.produces();
        if (!produces.isEmpty() && !MediaRanges.accept(accept, produces)) {
            throw new HttpFault(
                    ProblemCode.NOT_ACCEPTABLE,
                    "none of the accepted media types can be given; there is: " + String.join(", ", produces));
        }
    }

    private static Optional<FieldSelection> selection(Route route, Query query) {
        if (!route.canTrim()) {
            return Optional.empty();
        }
        Set<String> known = new LinkedHashSet<>();
        route.replies().forEach(reply -> reply.view().ifPresent(view -> known.addAll(view.properties())));
        return Route.FIELDS.in(query).map(text -> FieldSelection.parse(text, List.copyOf(known)));
    }

    private void send(
            HttpServletRequest request,
            HttpServletResponse response,
            Answer answer,
            Optional<FieldSelection> selection,
            MemoryBudget.Hold hold,
            StreamPlaces.Place place)
            throws IOException, InterruptedException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        switch (answer) {
            case Answer.Empty _ -> {
                answer.headers().forEach(response::setHeader);
                response.setStatus(answer.status());
            }
            case Answer.Content content -> send(request, response, content, selection, hold);
            case Answer.Stream stream -> {
                if (request.getMethod().equals("HEAD")) {
                    answer.headers().forEach(response::setHeader);
                    response.setContentType(Reply.EVENTS);
                } else {
                    place.take();
                    answer.headers().forEach(response::setHeader);
                    send(response, stream, hold);
                }
            }
        }
    }

    private static void send(
            HttpServletRequest request,
            HttpServletResponse response,
            Answer.Content content,
            Optional<FieldSelection> selection,
            MemoryBudget.Hold hold)
            throws IOException {
        byte[] bytes = content.bytes();
        boolean json = content.mediaType().equals(Reply.JSON);
        String tag = content.headers().get("ETag");
        boolean trimmed = json && selection.isPresent();
        if (trimmed) {
            bytes = selection
                    .get()
                    .trim(new String(bytes, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
        }
        boolean reading =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        hold.made(bytes.length, !reading);
        // Only now, as a refusal must not have the fields of what it stands for.
        content.headers().forEach(response::setHeader);
        if (trimmed && tag != null) {
            response.setHeader("ETag", "W/" + tag); // the same state, but not the same bytes
        }
        response.setHeader("Cache-Control", tag == null ? "no-store" : "no-cache");
        if (reading && tag != null && matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setStatus(content.status());
        response.setContentType(content.mediaType());
        response.setContentLength(bytes.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
    }

    /** Weak comparison, as RFC 9110 wants it for {@code If-None-Match}. */
    private static boolean matches(@Nullable String header, String tag) {
        if (header == null) {
            return false;
        }
        for (String given : header.split(",", -1)) {
            String plain = given.strip();
            if (plain.equals("*") || plain.equals(tag) || plain.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private void send(HttpServletResponse response, Answer.Stream stream, MemoryBudget.Hold hold)
            throws IOException, InterruptedException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(Reply.EVENTS);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        stream.events().sendTo(new EventStream(response.getOutputStream(), hold, () -> !closing));
    }

    private static List<String> segments(String uri) {
        List<String> segments = new ArrayList<>();
        String below = uri.substring(Math.min(PREFIX.length() + 1, uri.length()));
        for (String segment : below.split("/", -1)) {
            segments.add(Query.decode(segment, false));
        }
        return segments;
    }

    private HttpFault unknown(HttpServletRequest request, List<String> segments) {
        String hint = tree.nearest(segments)
                .map(path -> "; did you mean " + PREFIX + path + "?")
                .orElse("; /api-docs/openapi.json lists all there are");
        return new HttpFault(
                ProblemCode.NOT_FOUND,
                "there is no route " + shown(request.getMethod() + " " + request.getRequestURI()) + hint);
    }

    private static String allowed(RouteTree.Match match) {
        Set<String> methods = new LinkedHashSet<>(match.byMethod().keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    private static String shown(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
