package dev.ratchet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What an engineer would put together instead, measured in the same sitting by the same client: Express, graphile-worker
 * on PostgreSQL and a pool of two forked processes, without sandbox, fresh context or schemas. Its programs ({@code
 * app-http.mjs}, {@code app-graphile.mjs}, {@code pool.mjs} and what they import) are not part of this project.
 */
final class Yardstick {
    private static final int CONNECTIONS = 64;
    private static final int REPETITIONS = 3;
    private static final int MOST_SECONDS = 180;
    private static final String BODY = "{\"a\": 1, \"b\": 2}";
    private static final byte[] SUM = "{\"sum\":3}".getBytes(StandardCharsets.UTF_8);

    /**
     * What it reaches.
     *
     * @param rate requests in a second on 64 connections
     * @param drained jobs in a second, graphile-worker alone with results stored
     */
    record Figures(double p50, double p99, double rate, double drained) {}

    private Yardstick() {}

    /**
     * Copies the programs, has npm fetch what they need, and measures them on a PostgreSQL server of their own.
     *
     * @throws IllegalStateException when a program does not work
     */
    static Figures measure(Path peer, boolean quick, Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ratchet-bench-peer");
        try (BenchDatabase database = BenchDatabase.open(BenchDatabase.Vendor.POSTGRESQL)) {
            report.heading("the yardstick: express, graphile-worker in batches, fork pool of two, on "
                    + database.description());
            copy(peer, folder);
            runToEnd(folder, Map.of(), List.of("npm", "install", "--no-audit", "--no-fund", "--loglevel=error"));
            Figures http = http(folder, database.freshUrl(), quick);
            String lines = runToEnd(
                    folder,
                    Map.of("DATABASE_URL", database.freshUrl()),
                    List.of(node(folder), "peer.mjs", "drain", quick ? "2000" : "20000"));
            double drained = Double.parseDouble(lines.strip());
            report.inform("yardstick, one by one: p50", http.p50(), "ms", "");
            report.inform("yardstick, one by one: p99", http.p99(), "ms", "");
            report.inform("yardstick, 64 connections: rate", http.rate(), "/s", "");
            report.inform("graphile-worker alone, results stored: drained", drained, "/s", "");
            return new Figures(http.p50(), http.p99(), http.rate(), drained);
        } catch (SQLException e) {
            throw new IllegalStateException("the database of the yardstick failed: " + e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    /** How the server does beside it. */
    static void compare(
            Figures theirs, Optional<ServerLoad.Figures> ours, double drained, String prefix, Report report) {
        if (ours.isPresent()) {
            ServerLoad.Figures own = ours.get();
            report.atMost(prefix + "one by one, p50 to the yardstick's", 1, own.p50() / theirs.p50(), "x", "");
            report.atMost(prefix + "one by one, p99 to the yardstick's", 1, own.p99() / theirs.p99(), "x", "");
            report.atLeast(prefix + "64 connections, rate to the yardstick's", 1, own.rate() / theirs.rate(), "x", "");
        }
        if (drained > 0) {
            report.inform(prefix + "backlog, rate to graphile-worker's", drained / theirs.drained(), "x", "");
        }
    }

    private static Figures http(Path folder, String database, boolean quick) throws IOException, InterruptedException {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(node(folder), "peer.mjs", "http")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("DATABASE_URL", database);
        builder.environment().put("PORT", Integer.toString(port));
        Process process = builder.start();
        try {
            awaitReady(process);
            return measure(URI.create("http://127.0.0.1:" + port), quick);
        } finally {
            process.getOutputStream().close();
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static Figures measure(URI url, boolean quick) throws IOException {
        byte[] request = Connection.request(url.getPort(), "POST", "/add", BODY);
        ClosedLoop loop = new ClosedLoop(url, request, 200, SUM);
        loop.run(CONNECTIONS, Duration.ofSeconds(quick ? 2 : 10));
        int samples = quick ? 100 : 1_000;
        double[] p50 = new double[REPETITIONS];
        double[] p99 = new double[REPETITIONS];
        try (Connection connection = new Connection(url)) {
            for (int i = 0; i < REPETITIONS; i++) {
                Samples latencies = new Samples();
                for (int k = 0; k < samples; k++) {
                    long begun = System.nanoTime();
                    NoOpTask.checked(connection, request, 200);
                    latencies.add(System.nanoTime() - begun);
                }
                p50[i] = latencies.medianMillis();
                p99[i] = latencies.percentileMillis(99);
            }
        }
        double rate = loop.run(CONNECTIONS, Duration.ofSeconds(quick ? 3 : 20)).rate();
        return new Figures(ServerLoad.median(p50), ServerLoad.median(p99), rate, 0);
    }

    private static void awaitReady(Process process) throws InterruptedException {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofVirtual().name("peer-output").start(() -> {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    if (line.equals("ready")) {
                        ready.complete(true);
                    }
                }
                ready.completeExceptionally(new IllegalStateException("it ended"));
            } catch (IOException e) {
                ready.completeExceptionally(e);
            }
        });
        try {
            ready.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the yardstick did not start within " + MOST_SECONDS + " s", e);
        }
    }

    private static String node(Path folder) {
        Path own = folder.resolve("node_modules/.bin/node");
        return Files.isExecutable(own) ? own.toString() : "node";
    }

    private static void copy(Path peer, Path folder) throws IOException {
        if (!Files.isRegularFile(peer.resolve("app-http.mjs"))) {
            throw new IllegalStateException("--peer is " + peer + ", where there is no app-http.mjs");
        }
        try (Stream<Path> files = Files.list(peer)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        try (InputStream launcher = Yardstick.class.getResourceAsStream("peer.mjs")) {
            if (launcher == null) {
                throw new IllegalStateException("peer.mjs is missing from the benchmarks' jar");
            }
            Files.copy(launcher, folder.resolve("peer.mjs"));
        }
    }

    private static String runToEnd(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end within " + MOST_SECONDS + " s");
        }
        String text = Files.readString(output);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + ": " + text);
        }
        return text;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
