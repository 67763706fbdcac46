package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Refuses bodies that are too large: at once if their length is declared, else while they are read. */
final class BodyLimitFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String EXCEEDED = BodyLimitFilter.class.getName() + ".exceeded";

    private final long mostBytes;

    BodyLimitFilter(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Whether reading the body of this request was stopped. */
    static boolean exceeded(HttpServletRequest request) {
        return request.getAttribute(EXCEEDED) != null;
    }

    static String message(HttpServletRequest request) {
        return message((Long) request.getAttribute(EXCEEDED));
    }

    private static String message(long mostBytes) {
        return "the body is too large; accepted: at most " + mostBytes + " bytes (server.max_request_bytes)";
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long declared = request.getContentLengthLong();
        if (declared > mostBytes) {
            response.setHeader("Connection", "close");
            Problems.write(request, response, ProblemCode.PAYLOAD_TOO_LARGE, message(mostBytes), List.of());
        } else if (declared >= 0) {
            chain.doFilter(request, response);
        } else {
            chain.doFilter(new Counted(request, mostBytes), response);
        }
    }

    /** A request whose body ends with an exception when it has too many bytes. */
    private static final class Counted extends HttpServletRequestWrapper {
        private final long mostBytes;

        Counted(HttpServletRequest request, long mostBytes) {
            super(request);
            this.mostBytes = mostBytes;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream body = super.getInputStream();
            return new ServletInputStream() {
                private long left = mostBytes;

                @Override
                public int read() throws IOException {
                    int read = body.read();
                    count(read < 0 ? 0 : 1);
                    return read;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int read = body.read(buffer, offset, length);
                    count(read);
                    return read;
                }

                private void count(int read) throws IOException {
                    left -= Math.max(read, 0);
                    if (left < 0) {
                        getRequest().setAttribute(EXCEEDED, mostBytes);
                        throw new IOException(message(mostBytes));
                    }
                }

                @Override
                public boolean isFinished() {
                    return body.isFinished();
                }

                @Override
                public boolean isReady() {
                    return body.isReady();
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    body.setReadListener(listener);
                }
            };
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
