package dev.ratchet.server.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * The world outside that tasks and deliveries act upon; it outlives every server and counts what really happened.
 *
 * <p>{@code POST /effect/TOKEN/EXECUTION} is an effect, {@code GET /enter/KEY/EXECUTION} and {@code /leave/…} bracket the
 * time a task spends under a concurrency key, and {@code POST /hook/TOKEN} takes a webhook. Thread-safe.
 */
final class Receiver implements AutoCloseable {
    private static final Duration SLOWNESS = Duration.ofMillis(400);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final Map<String, Map<String, Integer>> effects = new HashMap<>();
    private final Map<String, Hook> hooks = new LinkedHashMap<>();
    private final Map<String, Set<String>> present = new HashMap<>();
    private final Map<String, Integer> mostPresent = new TreeMap<>();

    /**
     * A webhook as it arrived.
     *
     * @param token of the job it tells of
     * @param arrived how often
     * @param accepted how often it was answered with 204
     */
    record Hook(String token, int arrived, int accepted) {}

    private Receiver(HttpServer server) {
        this.server = server;
    }

    static Receiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Receiver receiver = new Receiver(server);
        server.setExecutor(receiver.threads);
        server.createContext("/", receiver::handle);
        server.start();
        return receiver;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Optional<String> webhook =
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("webhook-id"));
            if (webhook.isPresent() && Math.floorMod(webhook.get().hashCode(), 4) == 1) {
                // So that there are deliveries under way to be killed in.
                LockSupport.parkNanos(SLOWNESS.toNanos());
            }
            List<String> path =
                    List.of(exchange.getRequestURI().getPath().substring(1).split("/"));
            int status = answer(path, webhook);
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private synchronized int answer(List<String> path, Optional<String> webhook) {
        switch (path.getFirst()) {
            case "effect" ->
                effects.computeIfAbsent(path.get(1), _ -> new HashMap<>()).merge(path.get(2), 1, Integer::sum);
            case "enter" -> {
                Set<String> inside = present.computeIfAbsent(path.get(1), _ -> new HashSet<>());
                inside.add(path.get(2));
                mostPresent.merge(path.get(1), inside.size(), Math::max);
            }
            case "leave" -> present.getOrDefault(path.get(1), new HashSet<>()).remove(path.get(2));
            case "hook" -> {
                String id = webhook.orElse("");
                Hook before = hooks.getOrDefault(id, new Hook(path.get(1), 0, 0));
                // Every fifth is refused at first, so that there are retries to be killed in.
                boolean refused = before.arrived() == 0 && Math.floorMod(id.hashCode(), 5) == 0;
                hooks.put(id, new Hook(before.token(), before.arrived() + 1, before.accepted() + (refused ? 0 : 1)));
                return refused ? 503 : 204;
            }
            default -> {
                return 404;
            }
        }
        return 204;
    }

    /** How often each execution acted for the token. */
    synchronized Map<String, Integer> effects(String token) {
        return Map.copyOf(effects.getOrDefault(token, Map.of()));
    }

    /** Every webhook that arrived, by its {@code webhook-id}. */
    synchronized Map<String, Hook> hooks() {
        return Map.copyOf(hooks);
    }

    /** The most that were seen inside at a time, by concurrency key. */
    synchronized Map<String, Integer> mostPresent() {
        return Map.copyOf(mostPresent);
    }

    /** Executions that are inside; those of a server that was killed never leave. */
    synchronized Set<String> present() {
        Set<String> all = new HashSet<>();
        present.values().forEach(all::addAll);
        return all;
    }

    /** These executions were killed. */
    synchronized void gone(Set<String> executions) {
        present.values().forEach(inside -> inside.removeAll(executions));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
