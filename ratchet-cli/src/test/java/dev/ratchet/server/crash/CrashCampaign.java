package dev.ratchet.server.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Rounds of a server's life, each ended by a kill: at a fail-point between two durable steps, or at a random time from
 * outside. All rounds share one database. At the end everything may come to rest, and the {@link Invariants} are looked
 * at.
 *
 * <p>The seed decides what is killed where and what clients do; what the processes make of it depends on the machine.
 */
final class CrashCampaign {
    /** How long the work that is left may take at the end. */
    private static final Duration DRAIN = Duration.ofMinutes(4);

    /** Points that the work of a round reaches rarely or never; they are tried seldom. */
    private static final Set<String> RARE = Set.of(
            "ScheduleStore.create",
            "ScheduleStore.delete",
            "RetentionStore",
            "TaskStore.delete",
            "TaskStore.replaceUnhashed",
            "JobStore.delete",
            "JobStore.reclaim",
            "DeliveryStore.redeliver",
            "NodeStore.leave");

    /** Steps that a round takes many times, so that the first is not like the eighth. */
    private static final Set<String> OFTEN = Set.of(
            "DeliveryStore.claim",
            "JobStore.accept",
            "JobStore.appendLog",
            "JobStore.claim",
            "JobStore.complete",
            "JobStore.progress",
            "JobStore.promoteDue",
            "NodeStore.renew",
            "ScheduleStore.due",
            "Transactions.write");

    /** Longest life of a server with a fail-point, which is to be reached by then. */
    private static final Duration POINT_LIFE = Duration.ofSeconds(8);

    /** Clients that send work at the same time. */
    private static final int CLIENTS = 2;

    /** Things that a client does in a round. */
    private static final int STEPS = 40;

    private final Plan plan;
    private final Path directory;
    private final PrintStream out;
    private final Set<String> reached = new TreeSet<>();
    private int killedOutside;

    /**
     * What to do.
     *
     * @param home the distribution whose server is killed
     * @param database what it works on
     * @param servers how many work beside each other; one of them is killed in each round
     * @param rounds how many kills
     * @param time after which no further round begins
     * @param seed decides what happens in them
     */
    record Plan(Path home, CrashDatabase.Kind database, int servers, int rounds, Duration time, long seed) {
        Plan {
            if (servers < 1 || rounds < 1 || (servers > 1 && database == CrashDatabase.Kind.SQLITE)) {
                throw new IllegalArgumentException("a campaign needs a round and a server, and PostgreSQL for more");
            }
        }
    }

    /** @param directory for everything that is written; stays as it is */
    CrashCampaign(Plan plan, Path directory, PrintStream out) {
        this.plan = plan;
        this.directory = directory;
        this.out = out;
    }

    /** Runs all rounds and says what holds. */
    Invariants run() throws IOException, InterruptedException, SQLException {
        Random random = new Random(plan.seed());
        try (CrashDatabase database = CrashDatabase.open(plan.database(), directory);
                Receiver receiver = Receiver.start()) {
            CrashServer.Launcher launcher = new CrashServer.Launcher(plan.home(), directory, config(database));
            Load load = new Load(receiver, InstantSource.system());
            prepare(launcher, load);
            long end = System.nanoTime() + plan.time().toNanos();
            if (plan.servers() == 1) {
                for (int round = 1; round <= plan.rounds() && System.nanoTime() < end; round++) {
                    round(launcher, load, random, round);
                    receiver.gone(receiver.present());
                }
            } else {
                together(launcher, database, receiver, load, random, end);
            }
            return settle(launcher, database, receiver, load);
        }
    }

    private Path config(CrashDatabase database) throws IOException {
        Path file = directory.resolve("ratchet.yaml");
        Files.writeString(file, """
                server:
                  port: 0
                  shutdown_timeout: 10
                  database:
                    url: %s
                    max_connections: 6
                execution:
                  workers: 2
                  spares: 0
                  max_concurrent_tasks: 4
                  worker_profile: quick
                  recording: failures
                  heartbeat:
                    enabled: false
                http:
                  allowed_private_hosts: [127.0.0.1]
                output:
                  security:
                    allow_localhost_webhooks: true
                  circuit_breaker:
                    failure_threshold: 1000
                  default_retry_policy:
                    max_attempts: 10
                    initial_delay_ms: 100
                    max_delay_ms: 1000
                queue:
                  lease_seconds: 3
                  heartbeat_seconds: 0.5
                  poll_interval_ms: 100
                """.formatted(database.url()));
        return file;
    }

    private void prepare(CrashServer.Launcher launcher, Load load) throws IOException, InterruptedException {
        try (CrashServer server = launcher.start("first", Optional.empty())) {
            URI url = server.awaitReady()
                    .orElseThrow(() -> new IOException("the server does not start; see " + directory));
            load.prepare(url);
            load.schedule(url);
            server.stop();
        }
    }

    private Optional<FailPoint> point(Random random, int round) {
        if (round % 3 == 0) {
            return Optional.empty();
        }
        List<String> steps = DurableSteps.all().stream()
                .filter(step -> random.nextInt(20) == 0 || !isRare(step))
                .toList();
        // Every other time one that was not reached yet.
        List<FailPoint> open = steps.stream()
                .flatMap(step -> Stream.of(new FailPoint(step, false, 1), new FailPoint(step, true, 1)))
                .filter(point -> random.nextBoolean() || !reached.contains(point.moment()))
                .toList();
        FailPoint chosen =
                open.isEmpty() ? new FailPoint("JobStore.complete", true, 1) : open.get(random.nextInt(open.size()));
        int count = OFTEN.contains(chosen.step()) ? 1 + random.nextInt(8) : 1;
        return Optional.of(new FailPoint(chosen.step(), chosen.after(), count));
    }

    private static boolean isRare(String step) {
        return RARE.contains(step) || RARE.contains(step.substring(0, step.indexOf('.')));
    }

    private void round(CrashServer.Launcher launcher, Load load, Random random, int round)
            throws IOException, InterruptedException {
        Optional<FailPoint> point = point(random, round);
        Duration life = point.isPresent() ? POINT_LIFE : Duration.ofMillis(100 + random.nextInt(2_500));
        boolean early = point.isEmpty() && random.nextInt(6) == 0;
        long seed = random.nextLong();
        try (CrashServer server = launcher.start("server", point)) {
            if (early) {
                boolean ended = server.endsWithin(Duration.ofMillis(random.nextInt(4_000)));
                note(server, point, round, ended ? "by itself" : "while it started");
                return;
            }
            Optional<URI> url = server.awaitReady();
            List<Thread> clients = new ArrayList<>();
            if (url.isPresent()) {
                // The first requests are slow; life begins after them.
                load.resume(url.get());
                for (int client = 0; client < CLIENTS; client++) {
                    long own = seed + client;
                    clients.add(Thread.ofVirtual().start(() -> client(server, url.get(), load, life, own)));
                }
            }
            server.endsWithin(life);
            // The kill comes while they are at it.
            note(server, point, round, "after " + life.toMillis() + " ms");
            for (Thread client : clients) {
                client.join();
            }
        }
    }

    private static void client(CrashServer server, URI url, Load load, Duration life, long seed) {
        Random random = new Random(seed);
        long end = System.nanoTime() + life.toNanos();
        try {
            int steps = 0;
            while (server.isAlive() && System.nanoTime() < end && steps++ < STEPS && load.step(url, random)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(CrashServer server, Optional<FailPoint> point, int round, String when)
            throws IOException, InterruptedException {
        boolean atPoint = server.kill();
        String how = atPoint ? "at " + point.map(FailPoint::toString).orElse("?") : when;
        if (atPoint) {
            reached.add(point.orElseThrow().moment());
        } else {
            killedOutside++;
            how += point.map(at -> " (" + at + " was not reached)").orElse("");
        }
        out.println("round " + round + ": killed " + how);
    }

    /** Servers beside each other: in each round one of them dies and another takes its place. */
    private void together(
            CrashServer.Launcher launcher,
            CrashDatabase database,
            Receiver receiver,
            Load load,
            Random random,
            long end)
            throws IOException, InterruptedException, SQLException {
        List<CrashServer> servers = new ArrayList<>();
        List<URI> urls = new ArrayList<>();
        try {
            for (int i = 0; i < plan.servers(); i++) {
                CrashServer server = launcher.start("server-" + i, Optional.empty());
                servers.add(server);
                urls.add(server.awaitReady().orElseThrow());
            }
            for (int round = 1; round <= plan.rounds() && System.nanoTime() < end; round++) {
                int victim = random.nextInt(plan.servers());
                Optional<FailPoint> point = point(random, round);
                Duration life = point.isPresent() ? POINT_LIFE : Duration.ofMillis(300 + random.nextInt(2_500));
                if (point.isPresent()) {
                    // A fail-point needs a server that was started with it: this one is killed for nothing but that.
                    replace(launcher, servers, urls, victim, point, database, receiver, load);
                }
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < servers.size(); i++) {
                    CrashServer server = servers.get(i);
                    URI url = urls.get(i);
                    long seed = random.nextLong();
                    if (server.isAlive()) {
                        clients.add(Thread.ofVirtual().start(() -> client(server, url, load, life, seed)));
                    }
                }
                servers.get(victim).endsWithin(life);
                note(servers.get(victim), point, round, "after " + life.toMillis() + " ms");
                gone(servers.get(victim), database, receiver);
                for (Thread client : clients) {
                    client.join();
                }
                replace(launcher, servers, urls, victim, Optional.empty(), database, receiver, load);
            }
            for (CrashServer server : servers) {
                server.stop();
            }
        } finally {
            servers.forEach(CrashServer::close);
        }
    }

    private static void replace(
            CrashServer.Launcher launcher,
            List<CrashServer> servers,
            List<URI> urls,
            int index,
            Optional<FailPoint> point,
            CrashDatabase database,
            Receiver receiver,
            Load load)
            throws IOException, InterruptedException, SQLException {
        CrashServer before = servers.get(index);
        if (before.isAlive()) {
            before.kill();
            gone(before, database, receiver);
        }
        CrashServer after = launcher.start("server-" + index, point);
        servers.set(index, after);
        Optional<URI> url = after.awaitReady();
        if (url.isPresent()) {
            urls.set(index, url.get());
            load.resume(url.get());
        }
    }

    /** What ran on a killed server is inside no more. */
    private static void gone(CrashServer server, CrashDatabase database, Receiver receiver) throws SQLException {
        Set<String> killed = new HashSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select id from executions where node_name like '%:" + server.pid() + "'")) {
            while (rows.next()) {
                killed.add(rows.getString(1));
            }
        }
        receiver.gone(killed);
    }

    private Invariants settle(CrashServer.Launcher launcher, CrashDatabase database, Receiver receiver, Load load)
            throws IOException, InterruptedException, SQLException {
        try (CrashServer server = launcher.start("server", Optional.empty())) {
            URI url = server.awaitReady()
                    .orElseThrow(() -> new IOException("the server does not start; see " + directory));
            load.resume(url);
            load.unschedule(url);
            load.cancelEndless(url, unfinished(database, "crash-endless"));
            boolean settled = CrashServer.holds(DRAIN, () -> isSettled(database));
            if (!settled) {
                out.println("not everything came to rest within " + DRAIN.toSeconds() + " s");
            }
            boolean stopped = server.stop();
            Invariants found = Invariants.check(database, load, receiver, stopped);
            out.println(found.size() + "; asked for " + load.tally());
            out.println(reached.size() + " of " + 2 * DurableSteps.all().size() + " fail-points were reached, "
                    + killedOutside + " kills came from outside");
            return found;
        }
    }

    private static List<String> unfinished(CrashDatabase database, String task) throws SQLException {
        List<String> jobs = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select j.id from jobs j join tasks t on t.id = j.task_id"
                        + " where j.status in ('QUEUED', 'PROCESSING', 'RETRYING') and t.name = '" + task + "'")) {
            while (rows.next()) {
                jobs.add(rows.getString(1));
            }
        }
        return jobs;
    }

    private static boolean isSettled(CrashDatabase database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select (select count(*) from jobs where status in ('QUEUED', 'PROCESSING', 'RETRYING'))"
                                + " + (select count(*) from deliveries where status not in ('DELIVERED', 'FAILED'))")) {
            return rows.next() && rows.getLong(1) == 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
