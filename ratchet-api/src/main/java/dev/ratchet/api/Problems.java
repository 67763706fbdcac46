package dev.ratchet.api;

import dev.ratchet.api.json.JsonWriting;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * Answers a failed request with the one shape of errors: {@code application/problem+json} of RFC 9457, with {@code
 * code}, {@code errors} and {@code requestId}.
 */
public final class Problems {
    /** Media type of every error. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Source of problems with a query parameter; the position is the parameter's name. */
    public static final String QUERY = "query";

    /** The header that carries the request's identifier, in and out. */
    public static final String REQUEST_ID = "X-Request-ID";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final Pattern MEMBER = Pattern.compile("[a-z][A-Za-z0-9]*");
    private static final int MAX_DETAIL = 2_000;

    private Problems() {}

    /** Answers whatever went wrong; nothing happens when the answer has begun already. */
    public static void write(HttpServletRequest request, HttpServletResponse response, Throwable failure)
            throws IOException {
        switch (failure) {
            case HttpFault fault -> {
                fault.headers().forEach(response::setHeader);
                write(request, response, fault.code(), String.valueOf(fault.getMessage()), List.of());
            }
            case RatchetException refusal -> {
                ProblemCode code = ProblemCode.of(refusal.code());
                if (code.status() >= 500) {
                    log(request, response, code, refusal);
                }
                write(request, response, code, detail(code, refusal), refusal.problems());
            }
            case Throwable defect -> {
                log(request, response, ProblemCode.INTERNAL_ERROR, defect);
                write(
                        request,
                        response,
                        ProblemCode.INTERNAL_ERROR,
                        detail(ProblemCode.INTERNAL_ERROR, defect),
                        List.of());
            }
        }
    }

    /** Answers with a problem; nothing happens when the answer has begun already. */
    public static void write(
            HttpServletRequest request,
            HttpServletResponse response,
            ProblemCode code,
            String detail,
            List<Problem> problems)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        String requestId = requestId(response);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator target = JsonWriting.generator(body)) {
            target.writeStartObject();
            target.writeStringProperty("type", code.type());
            target.writeStringProperty("title", code.title());
            target.writeNumberProperty("status", code.status());
            target.writeStringProperty("detail", shortened(detail));
            target.writeStringProperty("instance", instance(request));
            target.writeStringProperty("code", code.name());
            target.writeName("errors");
            target.writeStartArray();
            problems.forEach(problem -> write(target, problem));
            target.writeEndArray();
            target.writeStringProperty("requestId", requestId);
            target.writeEndObject();
        }
        if (code == ProblemCode.RATE_LIMITED || code.status() == 503) {
            response.setHeader("Retry-After", "1");
        }
        response.setStatus(code.status());
        response.setContentType(MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.size());
        if (!"HEAD".equals(request.getMethod())) {
            body.writeTo(response.getOutputStream());
        }
    }

    /** Where it happened: the first address that was asked for. A request that is no HTTP may have none. */
    private static String instance(HttpServletRequest request) {
        Object forwarded = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        return forwarded instanceof String first ? first : Objects.requireNonNullElse(request.getRequestURI(), "");
    }

    private static void write(JsonGenerator target, Problem problem) {
        target.writeStartObject();
        if (problem.source().equals(QUERY)) {
            target.writeStringProperty("parameter", problem.position());
        } else {
            Optional<String> pointer = pointer(problem);
            if (pointer.isPresent()) {
                target.writeStringProperty("pointer", pointer.get());
            } else {
                target.writeStringProperty("source", problem.source());
                target.writeStringProperty("position", problem.position());
            }
        }
        target.writeStringProperty("message", shortened(problem.message()));
        target.writeEndObject();
    }

    /** Where in the body the problem is; empty for those of files and for positions by line and column. */
    private static Optional<String> pointer(Problem problem) {
        boolean whole = problem.position().isEmpty();
        if (!whole && !problem.position().startsWith("/")) {
            return Optional.empty();
        }
        if (problem.source().equals("body")) {
            return Optional.of(problem.position());
        }
        // Use cases name a member of the request where REST has a whole body.
        return MEMBER.matcher(problem.source()).matches()
                ? Optional.of("/" + problem.source() + problem.position())
                : Optional.empty();
    }

    /** What a stranger may know of it: what went wrong inside stays in the log. */
    private static String detail(ProblemCode code, Throwable failure) {
        if (code == ProblemCode.INTERNAL_ERROR) {
            return "the log of the server says more under this request's identifier";
        }
        if (code == ProblemCode.IO_ERROR) {
            return "the server could not read or write its storage; trying again later may help";
        }
        return String.valueOf(failure.getMessage());
    }

    private static void log(
            HttpServletRequest request, HttpServletResponse response, ProblemCode code, Throwable failure) {
        LOG.atError()
                .addKeyValue("requestId", requestId(response))
                .addKeyValue("code", code)
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", request.getRequestURI())
                .setCause(failure)
                .log("request failed");
    }

    /** The identifier the answer carries; one is made where nobody has. */
    public static String requestId(HttpServletResponse response) {
        String given = response.getHeader(REQUEST_ID);
        if (given != null) {
            return given;
        }
        String made = UUID.randomUUID().toString();
        response.setHeader(REQUEST_ID, made);
        return made;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "…";
    }

    /** Headers that every refusal of a method carries. */
    public static Map<String, String> allow(String methods) {
        return Map.of("Allow", methods);
    }
}
