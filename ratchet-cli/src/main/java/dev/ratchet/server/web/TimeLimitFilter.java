package dev.ratchet.server.web;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests that have not begun to be answered within the time limit: the thread that serves the request is
 * interrupted, and a problem is the answer. Bodies that trickle in end at their next byte. Once an answer has begun the
 * limit does not matter any more: streams of events last as long as somebody listens.
 *
 * <p>An interrupted thread must not touch the connection, which Java closes then. So it is not interrupted once it has
 * begun to answer, and what it answers to the interruption goes nowhere.
 */
final class TimeLimitFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(TimeLimitFilter.class);

    private final transient Duration limit;
    private final transient ScheduledThreadPoolExecutor timer;

    /** @param limit longest time until an answer begins */
    TimeLimitFilter(Duration limit) {
        this.limit = limit;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("request-timer").daemon().factory());
        // Nearly all requests end in time; what was planned for them must not pile up.
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Watch watch = new Watch(Thread.currentThread(), response);
        Future<?> end = timer.schedule(watch::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
            chain.doFilter(body ? new Timed(request, watch) : request, new Guarded(response, watch));
        } catch (IOException | ServletException | RuntimeException e) {
            if (!watch.close()) {
                throw e;
            }
        } finally {
            end.cancel(false);
            if (watch.close()) {
                Problems.write(
                        request,
                        response,
                        ProblemCode.TIMEOUT,
                        "the request was not answered within " + limit.toMillis() / 1000.0
                                + " s (server.request_timeout); what it began may have been done",
                        List.of());
            }
        }
    }

    /** The time of one request. */
    private static final class Watch {
        private final Thread thread;
        private final HttpServletResponse response;
        private boolean answering;
        private boolean closed;
        private boolean expired;

        Watch(Thread thread, HttpServletResponse response) {
            this.thread = thread;
            this.response = response;
        }

        synchronized void expire() {
            if (!closed && !answering && !response.isCommitted()) {
                expired = true;
                thread.interrupt();
            }
        }

        synchronized boolean isExpired() {
            return expired;
        }

        /**
         * The answer begins, if there is still time.
         *
         * @return whether there is
         */
        synchronized boolean begin() {
            answering = !expired;
            return answering;
        }

        /**
         * Leaves the thread alone from now on, which may serve another request next, and takes back the interruption, over
         * which whoever writes the answer would stumble.
         *
         * @return whether the time was up before
         */
        synchronized boolean close() {
            closed = true;
            if (expired && Thread.interrupted()) {
                log.atDebug().log("a request was interrupted because its time was up");
            }
            return expired;
        }
    }

    /** An answer that goes nowhere once the time is up. */
    private static final class Guarded extends HttpServletResponseWrapper {
        private final Watch watch;

        Guarded(HttpServletResponse response, Watch watch) {
            super(response);
            this.watch = watch;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return watch.begin() ? super.getOutputStream() : new Nowhere();
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            return watch.begin() ? super.getWriter() : new PrintWriter(Writer.nullWriter());
        }

        @Override
        public void flushBuffer() throws IOException {
            if (watch.begin()) {
                super.flushBuffer();
            }
        }

        @Override
        public void sendError(int status, String message) throws IOException {
            if (watch.begin()) {
                super.sendError(status, message);
            }
        }

        @Override
        public void sendError(int status) throws IOException {
            if (watch.begin()) {
                super.sendError(status);
            }
        }
    }

    /** Takes everything. */
    private static final class Nowhere extends ServletOutputStream {
        @Override
        public void write(int b) {
            // The caller gets another answer.
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("nothing here is written asynchronously");
        }
    }

    /** A request whose body is refused when the time is up. */
    private static final class Timed extends HttpServletRequestWrapper {
        private final Watch watch;

        Timed(HttpServletRequest request, Watch watch) {
            super(request);
            this.watch = watch;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream body = super.getInputStream();
            return new ServletInputStream() {
                @Override
                public int read() throws IOException {
                    check();
                    return body.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    check();
                    return body.read(buffer, offset, length);
                }

                private void check() throws IOException {
                    if (watch.isExpired()) {
                        throw new IOException("the body took too long");
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
