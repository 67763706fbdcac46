package dev.ratchet.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
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
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType(ProblemWriter.CONTENT_TYPE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            byte[] body = ProblemWriter.json(
                    status,
                    status >= 500 ? "the request failed" : "the request is not proper HTTP or is not acceptable here",
                    "");
            var writer = response.getReporter();
            if (writer != null) {
                writer.write(new String(body, StandardCharsets.UTF_8));
                response.finishResponse();
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("the answer could not be sent");
        }
    }
}
