package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests that are refused before any filter sees them, such as those that are no proper HTTP, with a problem in
 * place of Tomcat's page. Made by Tomcat, by its name.
 */
public final class ProblemValve extends ErrorReportValve {
    private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

    /** Called by Tomcat. */
    public ProblemValve() {}

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemCode code = isOfHeader(failure, request.getConnector())
                ? ProblemCode.HEADERS_TOO_LARGE
                : ProblemCode.ofStatus(response.getStatus());
        try {
            Problems.write(request, response, code, detail(code, request), List.of());
            response.finishResponse();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("the answer could not be sent");
        }
    }

    /** Tomcat has no other sign for a header without end than the words of the exception. */
    private static boolean isOfHeader(@Nullable Throwable failure, Connector connector) {
        String message = failure == null ? null : failure.getMessage();
        return message != null
                && (message.equals(StringManager.getManager(Http11Processor.class)
                                .getString("iib.requestheadertoolarge.error"))
                        || message.equals(StringManager.getManager(MimeHeaders.class)
                                .getString("headers.maxCountFail", connector.getProperty("maxHeaderCount"))));
    }

    private static String detail(ProblemCode code, Request request) {
        return switch (code) {
            case HEADERS_TOO_LARGE ->
                "the request line and the header are too large; accepted: at most "
                        + request.getConnector().getProperty("maxHttpRequestHeaderSize") + " bytes and "
                        + request.getConnector().getProperty("maxHeaderCount") + " fields";
            case METHOD_NOT_ALLOWED, NOT_IMPLEMENTED ->
                request.getMethod() + " is not possible here; accepted: GET, HEAD, POST, PATCH, DELETE, OPTIONS";
            default ->
                code.status() >= 500
                        ? "the request failed"
                        : "the request is not proper HTTP or is not acceptable here";
        };
    }
}
