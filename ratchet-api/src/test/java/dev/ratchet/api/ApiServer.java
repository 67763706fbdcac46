package dev.ratchet.api;

import dev.ratchet.api.web.ApiRouter;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.MemoryBudget;
import dev.ratchet.api.web.OtherFaults;
import dev.ratchet.core.common.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** A real server on a free port of this machine, with the given controllers and nothing else. */
public final class ApiServer implements AutoCloseable {
    /** What the server's clock shows. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Memory the server has for large bodies and answers. */
    public static final int MEMORY = 4 * 1024 * 1024;

    /** Hands the router of a server to the context that is made within its start. */
    private static final ScopedValue<ApiRouter> ROUTER = ScopedValue.newInstance();

    @EnableWebMvc
    @Configuration(proxyBeanMethods = false)
    static class Mvc {
        @Bean
        ApiRouter router() {
            return ROUTER.get();
        }

        @Bean
        OtherFaults faults() {
            return new OtherFaults();
        }
    }

    private final Tomcat tomcat = new Tomcat();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private ApiServer() {}

    /** Starts a server. */
    public static ApiServer of(Controller... controllers) {
        return of(4, controllers);
    }

    /** Starts a server with so many places for streams. */
    public static ApiServer of(int maxStreams, Controller... controllers) {
        ApiServer server = new ApiServer();
        ApiRouter router = new ApiRouter(
                List.of(controllers),
                _ -> Caller.LOCAL,
                InstantSource.fixed(NOW),
                64 * 1024,
                maxStreams,
                new MemoryBudget(MEMORY, Duration.ofMillis(100)));
        ScopedValue.where(ROUTER, router).run(server::start);
        return server;
    }

    private void start() {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.register(Mvc.class);
        try {
            Path base = Files.createTempDirectory("api-server");
            tomcat.setBaseDir(base.toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.getConnector().getProtocolHandler().setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            Context root = tomcat.addContext("", base.toString());
            Wrapper dispatcher = Tomcat.addServlet(root, "dispatcher", new DispatcherServlet(context));
            dispatcher.setLoadOnStartup(1);
            dispatcher.addMapping("/");
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request to a path, to be completed. */
    public HttpRequest.Builder request(String path) {
        URI uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path);
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    }

    /** Sends a request. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a GET. */
    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    /** Sends JSON. */
    public HttpResponse<String> json(String method, String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
        client.close();
    }
}
