package dev.ratchet.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors that arise before or outside of any controller, in the one shape of the API: RFC 9457 with the members
 * {@code code} and {@code requestId}.
 */
final class ProblemWriter {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final Map<Integer, String> CODES = Map.of(
            401, "UNAUTHORIZED",
            403, "FORBIDDEN",
            404, "NOT_FOUND",
            405, "METHOD_NOT_ALLOWED",
            408, "TIMEOUT",
            409, "CONFLICT",
            413, "PAYLOAD_TOO_LARGE",
            415, "UNSUPPORTED_MEDIA_TYPE",
            429, "RATE_LIMITED",
            503, "SERVICE_UNAVAILABLE");

    private ProblemWriter() {}

    /** Answers with a problem; nothing happens when an answer is on its way already. */
    static void write(HttpServletRequest request, HttpServletResponse response, int status, String detail)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        byte[] body =
                json(status, detail, request.getAttribute(RequestIdFilter.ATTRIBUTE) instanceof String id ? id : "");
        response.setStatus(status);
        response.setContentType(CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static byte[] json(int status, String detail, String requestId) {
        HttpStatus known = HttpStatus.resolve(status);
        ObjectNode problem = JsonMapper.shared().createObjectNode();
        problem.put("type", "about:blank");
        problem.put("title", known == null ? "Error" : known.getReasonPhrase());
        problem.put("status", status);
        problem.put("detail", detail);
        problem.put("code", CODES.getOrDefault(status, status >= 500 ? "INTERNAL_ERROR" : "BAD_REQUEST"));
        if (!requestId.isEmpty()) {
            problem.put("requestId", requestId);
        }
        return problem.toString().getBytes(StandardCharsets.UTF_8);
    }
}
