package dev.ratchet.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.server.observe.Figures;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The filters as the server registers them, around a servlet of the test, in a real Tomcat. */
class FiltersTest {
    private static final String CONSOLE = "https://console.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Figures figures = new Figures(List.of());
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        Path file = Files.writeString(directory.resolve("config.yaml"), """
                server:
                  request_timeout: 1
                  max_request_bytes: 65536
                  cors:
                    allowed_origins: [%s]
                    allowed_methods: [GET, PATCH]
                    max_age: 60
                """.formatted(CONSOLE));
        RatchetConfig config =
                ConfigLoader.load(ConfigSources.of(Optional.of(file), Map.of())).config();
        WebConfiguration filters = new WebConfiguration();
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.addProtocolHandlerCustomizers(handler -> handler.setExecutor(new VirtualThreadExecutor("test-")));
        server = factory.getWebServer(
                filters.requestIdFilter(new UuidV7(InstantSource.system(), new SecureRandom()), figures),
                filters.securityHeadersFilter(),
                filters.originFilter(config),
                filters.timeLimitFilter(config),
                filters.bodyLimitFilter(config),
                new ServletRegistrationBean<>(new Answering(never), "/*"));
        server.start();
    }

    @AfterEach
    void stop() {
        never.countDown();
        client.shutdownNow();
        server.stop();
        figures.close();
    }

    /** Answers what was sent, at the pace that the path asks for. */
    private static final class Answering extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient CountDownLatch never;

        Answering(CountDownLatch never) {
            this.never = never;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getRequestURI();
            if (path.equals("/streams")) {
                response.getOutputStream().write('a');
                response.flushBuffer();
            }
            if (!path.equals("/at-once")) {
                try {
                    // Longer than the limit for a request, and short enough for a test.
                    boolean over = never.await(2, TimeUnit.SECONDS);
                    assertThat(over).isFalse();
                } catch (InterruptedException e) {
                    // As the routes of the API do it.
                    Thread.currentThread().interrupt();
                    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                }
            }
            byte[] body = request.getInputStream().readAllBytes();
            if (!response.isCommitted()) {
                // Tomcat sends an answer as soon as it is as long as was announced.
                response.setContentLength(body.length + 1);
            }
            response.getOutputStream().write(body);
            response.getOutputStream().write('z');
        }
    }

    @Test
    void requestWhenItTakesTooLongIsAnsweredWithAProblem() throws Exception {
        HttpResponse<String> answer = send(request("/waits"));

        assertThat(answer.statusCode()).isEqualTo(408);
        assertThat(problem(answer).path("code").stringValue()).isEqualTo("TIMEOUT");
        assertThat(problem(answer).path("detail").stringValue()).contains("within 1.0 s (server.request_timeout)");
    }

    @Test
    void requestWhenItsBodyTricklesIsEnded() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write("POST /at-once HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            // The first byte after the time is up.
            assertThat(never.await(1500, TimeUnit.MILLISECONDS)).isFalse();
            out.write('2');
            out.flush();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"code\":\"TIMEOUT\"");
        }
    }

    @Test
    void requestWhenItsAnswerHasBegunLastsAsLongAsItWants() throws Exception {
        HttpResponse<String> answer = send(request("/streams"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("az");
    }

    @Test
    void answerWhenGivenHasTheSecurityHeaders() throws Exception {
        HttpResponse<String> answer = send(request("/at-once"));

        assertThat(answer.headers().map())
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("x-frame-options", List.of("SAMEORIGIN"))
                .containsEntry("x-xss-protection", List.of("0"))
                .containsEntry("referrer-policy", List.of("strict-origin-when-cross-origin"))
                .containsKeys("content-security-policy", "permissions-policy")
                .doesNotContainKeys("strict-transport-security", "access-control-allow-origin");
    }

    @Test
    void preflightWhenTheOriginIsAllowedSaysWhatIsAccepted() throws Exception {
        HttpResponse<String> answer = send(preflight(CONSOLE, "PATCH", "content-type, IF-Match"));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().map())
                .containsEntry("access-control-allow-origin", List.of(CONSOLE))
                .containsEntry("access-control-allow-methods", List.of("GET, PATCH"))
                .containsEntry("access-control-max-age", List.of("60"))
                .containsEntry("vary", List.of("Origin"))
                .doesNotContainKey("access-control-allow-credentials");
        assertThat(answer.headers().firstValue("access-control-allow-headers").orElseThrow())
                .contains("If-Match");
    }

    @Test
    void preflightWhenItAsksForMoreIsRefused() throws Exception {
        assertForbidden(send(preflight(CONSOLE, "DELETE", "content-type")), "allowed_methods): GET, PATCH");
        assertForbidden(send(preflight(CONSOLE, "PATCH", "x-own")), "allowed_headers): Content-Type");
        assertForbidden(send(preflight("https://example.com", "GET", "accept")), CONSOLE);
    }

    @Test
    void requestWhenTheOriginIsAllowedCanBeReadByItsPages() throws Exception {
        HttpResponse<String> answer = send(request("/at-once").header("Origin", CONSOLE));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains(CONSOLE);
        assertThat(answer.headers().firstValue("access-control-expose-headers").orElseThrow())
                .contains("X-Total-Count", "Content-Range");
    }

    @Test
    void requestWhenTheOriginIsNotAllowedIsRefused() throws Exception {
        assertForbidden(
                send(request("/at-once").header("Origin", "https://example.com")), "server.cors.allowed_origins");
        assertForbidden(
                send(request("/at-once").header("Origin", CONSOLE).POST(HttpRequest.BodyPublishers.ofString("{}"))),
                "allowed_methods");
    }

    @Test
    void requestWhenTheOriginIsThisMachineMayAskAndIsToldNothing() throws Exception {
        HttpResponse<String> answer = send(request("/at-once").header("Origin", "http://localhost:3000"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    private static void assertForbidden(HttpResponse<String> answer, String accepted) {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(problem(answer).path("code").stringValue()).isEqualTo("FORBIDDEN");
        assertThat(problem(answer).path("detail").stringValue()).contains(accepted);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
                .timeout(PATIENCE);
    }

    private HttpRequest.Builder preflight(String origin, String method, String headers) {
        return request("/at-once")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode problem(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
