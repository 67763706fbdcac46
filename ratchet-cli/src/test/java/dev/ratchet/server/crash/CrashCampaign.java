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

    /** Longest life of a server with a fail-point, which is to be reached by then. */
    private static final Duration POINT_LIFE = Duration.ofSeconds(10);

    /** Points that only the death of another server leads to. */
    private static final Set<String> NEEDS_A_DEATH =
            Set.of("JobStore.takeOver", "DeliveryStore.release", "NodeStore.forgetDead");

    /** Clients that send work at the same time. */
    private static final int CLIENTS = 2;

    /** Things that a client does in a round. */
    private static final int STEPS = 40;

    private final Plan plan;
    private final Path directory;
    private final PrintStream out;
    private final Random random;
    private final Points points;
    private int killed;
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
        this.random = new Random(plan.seed());
        this.points = new Points(plan.database(), plan.servers(), random);
    }

    /** Runs all rounds and says what holds. */
    Invariants run() throws IOException, InterruptedException, SQLException {
        try (CrashDatabase database = CrashDatabase.open(plan.database(), directory);
                Receiver receiver = Receiver.start()) {
            CrashServer.Launcher launcher = new CrashServer.Launcher(plan.home(), directory, config(database));
            Load load = new Load(receiver, InstantSource.system());
            prepare(launcher, load);
            long end = System.nanoTime() + plan.time().toNanos();
            if (plan.servers() == 1) {
                for (int round = 1; round <= plan.rounds() && System.nanoTime() < end; round++) {
                    round(launcher, database, load, round);
                    receiver.gone(receiver.present());
                }
            } else {
                together(launcher, database, receiver, load, end);
            }
            return settle(launcher, database, receiver, load);
        }
    }

    private Path config(CrashDatabase database) throws IOException {
        Path file = directory.resolve("ratchet.yaml");
        Files.writeString(file, """
                server:
                  port: 0
                  shutdown_timeout: 3
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
                    failure_threshold: 5
                    open_seconds: 1
                  default_retry_policy:
                    max_attempts: 10
                    initial_delay_ms: 100
                    max_delay_ms: 1000
                queue:
                  lease_seconds: 3
                  heartbeat_seconds: 0.5
                  poll_interval_ms: 100
                retention:
                  interval: 1
                  max_count_per_task: %d
                """.formatted(database.url(), Filler.KEPT_JOBS));
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

    /** Every fifth kill comes from outside. */
    private Optional<FailPoint> point(int round) {
        return round % 5 == 0 ? Optional.empty() : Optional.of(points.next());
    }

    private void round(CrashServer.Launcher launcher, CrashDatabase database, Load load, int round)
            throws IOException, InterruptedException, SQLException {
        Optional<FailPoint> point = point(round);
        Duration life = point.isPresent() ? POINT_LIFE : Duration.ofMillis(100 + random.nextInt(2_500));
        boolean early = point.isEmpty() && random.nextInt(6) == 0;
        long seed = random.nextLong();
        if (point.isPresent()) {
            Filler.prepare(database, point.get().step());
        }
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
                clients.addAll(clients(server, url.get(), load, point, life, seed));
            }
            live(server, point, life);
            // The kill comes while they are at it.
            note(server, point, round, "after " + life.toMillis() + " ms");
            for (Thread client : clients) {
                client.join();
            }
        }
    }

    /** Lets a server live, and asks it to stop where that is what the point needs. */
    private static void live(CrashServer server, Optional<FailPoint> point, Duration life) throws InterruptedException {
        if (point.filter(at -> at.step().equals("NodeStore.leave")).isPresent()) {
            server.endsWithin(Duration.ofSeconds(1));
            server.terminate();
        }
        server.endsWithin(life);
    }

    /** Clients that do this and that, the first of them what leads to the point. */
    private static List<Thread> clients(
            CrashServer server, URI url, Load load, Optional<FailPoint> point, Duration life, long seed) {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            long own = seed + client;
            Optional<String> step = client == 0 ? point.map(FailPoint::step) : Optional.empty();
            clients.add(Thread.ofVirtual().start(() -> client(server, url, load, step, life, own)));
        }
        return clients;
    }

    private static void client(
            CrashServer server, URI url, Load load, Optional<String> step, Duration life, long seed) {
        Random random = new Random(seed);
        long end = System.nanoTime() + life.toNanos();
        try {
            int steps = 0;
            boolean alive = true;
            while (alive && server.isAlive() && System.nanoTime() < end && steps++ < STEPS) {
                alive = step.isPresent() ? load.provoke(url, step.get(), random) : load.step(url, random);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(CrashServer server, Optional<FailPoint> point, int round, String when)
            throws IOException, InterruptedException {
        boolean atPoint = server.kill();
        killed++;
        String how = atPoint ? "at " + point.map(FailPoint::toString).orElse("?") : when;
        if (atPoint) {
            points.reached(point.orElseThrow());
        } else {
            killedOutside++;
            point.ifPresent(points::missed);
            how += point.map(at -> " (" + at + " was not reached)").orElse("");
        }
        out.println("round " + round + ": killed " + how);
    }

    /** A server beside others, and the point that it was started with. */
    private record Member(CrashServer server, Optional<URI> url, Optional<FailPoint> point) {}

    /** Servers beside each other: in each round one of them dies and another, with the next point, takes its place. */
    private void together(CrashServer.Launcher launcher, CrashDatabase database, Receiver receiver, Load load, long end)
            throws IOException, InterruptedException, SQLException {
        List<Member> members = new ArrayList<>();
        try {
            for (int i = 0; i < plan.servers(); i++) {
                members.add(join(launcher, database, load, i, i == 0 ? Optional.of(points.next()) : Optional.empty()));
            }
            for (int round = 1; round <= plan.rounds() && System.nanoTime() < end; round++) {
                boolean outside = round % 5 == 0 && members.getFirst().url().isPresent();
                int victim = outside ? 1 + random.nextInt(plan.servers() - 1) : 0;
                Optional<FailPoint> point =
                        outside ? Optional.empty() : members.getFirst().point();
                Duration life = outside ? Duration.ofMillis(300 + random.nextInt(2_500)) : POINT_LIFE;
                List<Thread> clients = new ArrayList<>();
                for (Member member : members) {
                    if (member.url().isPresent()) {
                        long seed = random.nextLong();
                        clients.addAll(clients(member.server(), member.url().get(), load, point, life, seed));
                    }
                }
                if (point.filter(at -> NEEDS_A_DEATH.contains(at.step())).isPresent()) {
                    int other = (victim + 1) % plan.servers();
                    members.get(other).server().endsWithin(Duration.ofMillis(700));
                    note(members.get(other).server(), Optional.empty(), round, "beside the one with " + point.get());
                    gone(members.get(other).server(), database, receiver);
                }
                live(members.get(victim).server(), point, life);
                note(members.get(victim).server(), point, round, "after " + life.toMillis() + " ms");
                gone(members.get(victim).server(), database, receiver);
                for (Thread client : clients) {
                    client.join();
                }
                if (outside && !members.getFirst().server().isAlive()) {
                    note(members.getFirst().server(), members.getFirst().point(), round, "by itself");
                    gone(members.getFirst().server(), database, receiver);
                }
                for (int i = 0; i < members.size(); i++) {
                    if (!members.get(i).server().isAlive()) {
                        Optional<FailPoint> next = i > 0 ? Optional.empty() : Optional.of(points.next());
                        members.set(i, join(launcher, database, load, i, next));
                    }
                }
            }
            for (Member member : members) {
                member.server().stop();
            }
        } finally {
            members.forEach(member -> member.server().close());
        }
    }

    private static Member join(
            CrashServer.Launcher launcher, CrashDatabase database, Load load, int index, Optional<FailPoint> point)
            throws IOException, InterruptedException, SQLException {
        if (point.isPresent()) {
            Filler.prepare(database, point.get().step());
        }
        CrashServer server = launcher.start("server-" + index, point);
        Optional<URI> url = server.awaitReady();
        if (url.isPresent()) {
            load.resume(url.get());
        }
        return new Member(server, url, point);
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
            out.println(killed + " kills, " + killedOutside + " of them from outside");
            points.report().forEach(out::println);
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
