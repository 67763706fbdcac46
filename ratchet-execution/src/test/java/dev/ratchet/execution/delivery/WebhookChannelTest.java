package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.execution.http.HostResolver;
import dev.ratchet.execution.http.HttpSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookChannelTest {
    private static final HostResolver RESOLVER = host -> switch (host) {
        case "hooks.example.test", "inside.example.test" -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        default -> throw new UnknownHostException(host);
    };

    @SuppressWarnings("ArrayRecordComponent") // one reader, never compared
    private record Received(String method, String uri, Headers headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile int status = 200;
    private volatile Map<String, String> answerHeaders = Map.of();
    private volatile Instant now = Deliveries.NOW;
    private final InstantSource clock = () -> now;
    private HttpServer server;
    private OutboundHttp http;
    private DeliveryChannels channels;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes()));
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                await();
            }
            answerHeaders.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        use(new WebhookSecurity(true, false, Set.of()));
    }

    @AfterEach
    void close() {
        release.countDown();
        channels.close();
        http.close();
        server.stop(0);
        threads.close();
    }

    @Test
    void deliverWhenPlainPostsBareOutput() throws InterruptedException {
        DeliveryAttempt attempt = deliver(webhook("/hook", ""), "{\"a\":1}");

        Received request = take();
        assertThat(((DeliveryAttempt.Delivered) attempt).bytes()).isEqualTo(7);
        assertThat(attempt.info().value()).contains("\"status\":200");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.text()).isEqualTo("{\"a\":1}");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(request.headers().getFirst("webhook-id"))
                .isEqualTo(Deliveries.ID.value().toString());
        assertThat(request.headers().containsKey("webhook-signature")).isFalse();
    }

    @Test
    void deliverWhenSecretIsGivenSignatureIsOfWhatWasSent() throws InterruptedException {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        OutputDestination destination =
                webhook("/hook", ",'signingSecret':'" + secret + "','format':'YAML','compression':'GZIP'");

        deliver(destination, "{\"a\":1}");
        now = now.plusSeconds(60);
        deliver(destination, "{\"a\":1}");

        for (int seconds : new int[] {0, 60}) {
            Received request = take();
            Instant time = Deliveries.NOW.plusSeconds(seconds);
            assertThat(request.headers().getFirst("webhook-id"))
                    .isEqualTo(Deliveries.ID.value().toString());
            assertThat(request.headers().getFirst("webhook-timestamp")).isEqualTo(Long.toString(time.getEpochSecond()));
            assertThat(request.headers().getFirst("webhook-signature"))
                    .isEqualTo(
                            WebhookSignature.sign(secret, Deliveries.ID.value().toString(), time, request.body()));
            assertThat(request.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
            assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/yaml");
            assertThat(unpacked(request.body())).isEqualTo("a: 1\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'authType':'bearer','bearer':{'token':'t-{{env}}'}}                    | Authorization | Bearer t-staging
            {'authType':'basic','basic':{'username':'ann','password':'p:w'}}        | Authorization | Basic YW5uOnA6dw==
            {'authType':'api_key','apiKey':{'key':'k','headerName':'X-Key'}}        | X-Key         | k
            {'type':'api_key','key':'k'}                                            | X-API-Key     | k
            """)
    void deliverWhenAuthenticatedCredentialsAreSent(String authentication, String header, String value)
            throws InterruptedException {
        deliver(webhook("/hook", ",'authentication':" + authentication), "1");

        assertThat(take().headers().getFirst(header)).isEqualTo(value);
    }

    @Test
    void deliverWhenTemplatesAreGivenFillsUrlHeadersAndBody() throws InterruptedException {
        OutputDestination destination = Deliveries.destination(
                "{'destinationType':'webhook','template':'{\\'text\\':\\'{{output.q}}\\',\\'v\\':{{output.v}} }','webhook':{'url':'"
                                .replace("\\'", "\\\"")
                        + url("/t/{{task_name}}?q={{output.q}}") + "','method':'PUT','contentType':'application/x',"
                        + "'headers':{'X-Job':'{{task_version}}'}}}");

        deliver(destination, "{\"q\":\"a&b/c\\\"\",\"v\":[1]}");

        Received request = take();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.uri()).isEqualTo("/t/weather?q=a%26b%2Fc%22");
        assertThat(request.headers().getFirst("X-Job")).isEqualTo("1.2.0");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x");
        assertThat(request.text()).isEqualTo("{\"text\":\"a&b/c\\\"\",\"v\":[1] }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void deliverWhenMethodHasNoBodySendsNone(String method) throws InterruptedException {
        deliver(webhook("/hook", ",'method':'" + method + "'"), "1");

        Received request = take();
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "200,Delivered",
        "204,Delivered",
        "301,Failed",
        "307,Failed",
        "400,Failed",
        "401,Failed",
        "404,Failed",
        "410,Failed",
        "408,Retry",
        "425,Retry",
        "429,Retry",
        "500,Retry",
        "502,Retry",
        "503,Retry",
        "504,Retry"
    })
    void deliverWhenAnsweredStatusDecides(int answer, String expected) {
        status = answer;
        answerHeaders = Map.of("Location", url("/elsewhere"));

        DeliveryAttempt attempt = deliver(webhook("/hook", ""), "1");

        assertThat(attempt.getClass().getSimpleName()).isEqualTo(expected);
        assertThat(received).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                             | 7
            Sat, 07 Mar 2026 08:09:40 GMT | 29
            soon                          |
            """)
    void deliverWhenReceiverAsksToWaitIsTold(String header, Long seconds) {
        status = 429;
        answerHeaders = Map.of("Retry-After", header);

        DeliveryAttempt attempt = deliver(webhook("/hook", ""), "1");

        Duration after = ((DeliveryAttempt.Retry) attempt).retryAfter();
        assertThat(after == null ? null : after.toSeconds()).isEqualTo(seconds);
    }

    @Test
    void deliverWhenAddressIsLocalAndNotAllowedFails() throws IOException {
        reuse(WebhookSecurity.STRICT);
        failed(deliver(webhook("/secret-path", ""), "1"), "127.0.0.1");
        failed(deliver(webhook("/secret-path", ""), "1"), "granted by output.security in the server's configuration");
        failed(
                deliver(Deliveries.webhook("{'url':'http://hooks.example.test:" + port() + "/'}"), "1"),
                "hooks.example");

        reuse(new WebhookSecurity(false, true, Set.of()));
        failed(deliver(webhook("/", ""), "1"), "127.0.0.1");
        // Allowed as a name of a private network, refused where it leads to this machine.
        assertThat(deliver(Deliveries.webhook("{'url':'http://inside.example.test:" + port() + "/'}"), "1"))
                .isNotInstanceOf(DeliveryAttempt.Delivered.class);
        assertThat(received).isEmpty();

        reuse(new WebhookSecurity(false, false, Set.of("example.test")));
        assertThat(deliver(Deliveries.webhook("{'url':'http://hooks.example.test:" + port() + "/'}"), "1"))
                .isInstanceOf(DeliveryAttempt.Delivered.class);
        failed(deliver(Deliveries.webhook("{'url':'http://169.254.169.254/latest'}"), "1"), "169.254.169.254");
    }

    @Test
    void deliverWhenNobodyAnswersIsRetriedWithoutNamingThePath() {
        server.stop(0);

        DeliveryAttempt attempt = deliver(webhook("/services/T000/secret", ""), "1");

        assertThat(attempt).isInstanceOf(DeliveryAttempt.Retry.class);
        assertThat(((DeliveryAttempt.Retry) attempt).reason())
                .doesNotContain("T000")
                .contains("127.0.0.1");
        assertThat(attempt.info().value()).doesNotContain("T000");
    }

    @Test
    void deliverWhenSlowerThanItsTimeoutIsRetried() {
        DeliveryAttempt attempt = deliver(webhook("/slow", ",'timeoutSeconds':1"), "1");

        assertThat(((DeliveryAttempt.Retry) attempt).reason()).contains("within 1 s");
    }

    @Test
    void deliverWhenCancelledMeanwhileStops() throws InterruptedException {
        Cancellation cancellation = new Cancellation();
        OutputDestination destination = webhook("/slow", "");
        Thread canceller = Thread.startVirtualThread(() -> {
            try {
                take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cancellation.cancel();
        });

        DeliveryAttempt attempt = channels.deliver(Deliveries.request(destination, "1"), cancellation);

        canceller.join();
        assertThat(((DeliveryAttempt.Retry) attempt).reason()).contains("stopped");
    }

    @Test
    void deliverWhenHostKeepsFailingLeavesItAloneForAWhile() {
        status = 503;
        for (int i = 0; i < 5; i++) {
            deliver(webhook("/hook", ""), "1");
        }
        now = now.plusSeconds(20);

        DeliveryAttempt.Postponed open = (DeliveryAttempt.Postponed) deliver(webhook("/other", ""), "1");

        assertThat(received).hasSize(5);
        assertThat(open.pause()).isEqualTo(Duration.ofSeconds(40));
        assertThat(open.reason()).contains("left alone");
        assertThat(open.info().value()).contains("\"circuitOpen\":true");

        status = 200;
        now = now.plusSeconds(41);
        for (int i = 0; i < 4; i++) {
            assertThat(deliver(webhook("/hook", ""), "1")).isInstanceOf(DeliveryAttempt.Delivered.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2e"})
    void deliverWhenVariableWouldClimbFails(String value) {
        DeliveryAttempt attempt = deliver(webhook("/a/{{output}}/b", ""), "\"" + value + "\"");

        if (value.startsWith("%")) {
            // Encoded once more, and so a plain name.
            assertThat(received).singleElement().satisfies(request -> assertThat(request.uri())
                    .isEqualTo("/a/%252e%252e/b"));
        } else {
            failed(attempt, "segment");
            assertThat(received).isEmpty();
        }
    }

    @Test
    void deliverWhenHeaderWouldSplitFails() {
        failed(deliver(webhook("/", ",'headers':{'X-A':'{{output}}'}"), "\"a\\r\\nX-B: c\""), "control character");
        assertThat(received).isEmpty();
    }

    private void use(WebhookSecurity security) {
        http = WebhookGate.open(HttpSettings.DEFAULTS, security, RESOLVER, clock);
        channels = DeliveryChannels.open(
                Deliveries.settings(Path.of("out")).withSecurity(security), http, new Deliveries.Lines(), clock);
    }

    private void reuse(WebhookSecurity security) {
        channels.close();
        http.close();
        use(security);
    }

    private OutputDestination webhook(String path, String options) {
        return Deliveries.webhook("{'url':'" + url(path) + "'" + options + "}");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private DeliveryAttempt deliver(OutputDestination destination, String output) {
        return channels.deliver(Deliveries.request(destination, output), new Cancellation());
    }

    private Received take() throws InterruptedException {
        Received request = received.poll(5, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return request;
    }

    private void await() throws IOException {
        try {
            if (!release.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody ended the test");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String unpacked(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void failed(DeliveryAttempt attempt, String reason) {
        assertThat(attempt).isInstanceOfSatisfying(DeliveryAttempt.Failed.class, failed -> assertThat(failed.reason())
                .contains(reason));
    }
}
