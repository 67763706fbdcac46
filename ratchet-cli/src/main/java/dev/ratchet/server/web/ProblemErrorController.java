package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where the servlet container sends what no controller answered. */
@Controller
final class ProblemErrorController implements ErrorController {
    @RequestMapping("/error")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (BodyLimitFilter.exceeded(request)) {
            Problems.write(
                    request, response, ProblemCode.PAYLOAD_TOO_LARGE, BodyLimitFilter.message(request), List.of());
            return;
        }
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        Problems.write(request, response, ProblemCode.ofStatus(status), detail(status, request), List.of());
    }

    private static String detail(int status, HttpServletRequest request) {
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        return switch (status) {
            case 404 -> "there is nothing at " + (path == null ? request.getRequestURI() : path);
            case 405 ->
                request.getAttribute(RequestDispatcher.ERROR_METHOD)
                        + " is not possible here; the Allow header says what is";
            case 406 -> "no answer here has a type that the Accept header accepts";
            case 415 -> "the Content-Type of the body is not understood here";
            default ->
                status >= 500
                        ? "the request failed for a reason that is not yours; the log has it by this requestId"
                        : "the request cannot be understood";
        };
    }
}
