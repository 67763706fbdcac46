package dev.ratchet.api.web;

import dev.ratchet.api.HttpFault;
import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Gives the one shape of errors to what fails outside the interface's own routes: unknown addresses, other handlers. */
public final class OtherFaults implements HandlerExceptionResolver, Ordered {
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (failure instanceof IOException) {
            return null; // of the connection or the body: the filters around know what to say to whom
        }
        try {
            if (failure instanceof ErrorResponse refusal) {
                Problems.write(request, response, fault(request, failure, refusal));
            } else {
                Problems.write(request, response, failure);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }

    private static Throwable fault(HttpServletRequest request, Exception failure, ErrorResponse refusal) {
        return switch (refusal.getStatusCode().value()) {
            case 400 -> new HttpFault(ProblemCode.BAD_REQUEST, "the request cannot be understood");
            case 404 -> new HttpFault(ProblemCode.NOT_FOUND, "there is nothing at " + request.getRequestURI());
            case 405 ->
                new HttpFault(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        request.getMethod() + " is not offered here",
                        failure instanceof HttpRequestMethodNotSupportedException method
                                ? Problems.allow(String.join(", ", supported(method)))
                                : Map.of());
            case 406 -> new HttpFault(ProblemCode.NOT_ACCEPTABLE, "none of the accepted media types can be given");
            case 413 -> new HttpFault(ProblemCode.PAYLOAD_TOO_LARGE, "the request is too large");
            case 415 -> new HttpFault(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "the form of the body is not understood");
            case 503 -> new HttpFault(ProblemCode.SERVICE_UNAVAILABLE, "the server cannot serve at the moment");
            default -> failure;
        };
    }

    private static List<String> supported(HttpRequestMethodNotSupportedException failure) {
        String @Nullable [] methods = failure.getSupportedMethods();
        return methods == null ? List.of() : List.of(methods);
    }
}
