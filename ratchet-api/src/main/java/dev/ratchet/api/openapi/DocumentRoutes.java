package dev.ratchet.api.openapi;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import dev.ratchet.api.web.ApiRouter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;

/**
 * {@code /api-docs/openapi.json} and the page at {@code /docs} that shows it. Everything the page needs is served from
 * here, so that it works without the internet.
 */
public final class DocumentRoutes extends AbstractHandlerMapping {
    private static final String DOCUMENT = "/api-docs/openapi.json";
    private static final String PAGE = "/docs";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    /** The parts of the page, with the media types they have. */
    private static final Map<String, String> PARTS = Map.of(
            "swagger-ui.css", "text/css; charset=UTF-8",
            "swagger-ui-bundle.js", "text/javascript; charset=UTF-8",
            "start.js", "text/javascript; charset=UTF-8",
            "favicon-32x32.png", "image/png");

    /** Parts that are written here; the others come from the library. */
    private static final List<String> OWN = List.of("start.js");

    private final Supplier<byte[]> document;
    private final Supplier<String> library = SingletonSupplier.of(DocumentRoutes::findLibrary);

    /** Describes the routes of {@code router} when the document is first asked for. */
    public DocumentRoutes(ApiRouter router) {
        this.document =
                SingletonSupplier.of(() -> OpenApiDocument.of(router.routes()).getBytes(StandardCharsets.UTF_8));
        setOrder(Ordered.HIGHEST_PRECEDENCE + 101);
    }

    @Override
    protected @Nullable Object getHandlerInternal(HttpServletRequest request) {
        String uri = request.getRequestURI();
        boolean known = uri.equals(DOCUMENT) || uri.equals(PAGE) || uri.startsWith(PAGE + "/");
        return known ? (HttpRequestHandler) this::answer : null;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            Problems.write(request, response, ProblemCode.METHOD_NOT_ALLOWED, "accepted: GET, HEAD", List.of());
        } else if (uri.equals(DOCUMENT)) {
            send(request, response, "application/json", document.get());
        } else if (uri.equals(PAGE)) {
            response.setHeader("Location", PAGE + "/");
            response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
        } else {
            String part = uri.substring(PAGE.length() + 1);
            String type = PARTS.get(part);
            if (part.isEmpty()) {
                send(request, response, "text/html; charset=UTF-8", own("index.html"));
            } else if (type == null) {
                Problems.write(request, response, ProblemCode.NOT_FOUND, "there is nothing at " + uri, List.of());
            } else {
                send(request, response, type, OWN.contains(part) ? own(part) : resource(library.get() + part));
            }
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, String type, byte[] bytes)
            throws IOException {
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
    }

    private static byte[] own(String part) throws IOException {
        return resource("/dev/ratchet/api/openapi/" + part);
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream content = DocumentRoutes.class.getResourceAsStream(path)) {
            if (content == null) {
                throw new IllegalStateException("the program lacks " + path);
            }
            return content.readAllBytes();
        }
    }

    /** The folder of the library in its archive, which has its version in its name. */
    private static String findLibrary() {
        try (InputStream facts =
                DocumentRoutes.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            if (facts == null) {
                throw new IllegalStateException("the program lacks Swagger UI");
            }
            Properties properties = new Properties();
            properties.load(facts);
            return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
        } catch (IOException e) {
            throw new IllegalStateException("Swagger UI cannot be read", e);
        }
    }
}
