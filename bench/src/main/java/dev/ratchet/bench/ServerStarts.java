package dev.ratchet.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** The server, from the start of the script to the line that says it accepts requests, and its weight when idle. */
final class ServerStarts {
    private static final int TIMES = 5;

    /** Long enough for its workers to be warm, and for what the start left behind to be given back. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final String prefix;
    private final boolean quick;

    ServerStarts(String prefix, boolean quick) {
        this.prefix = prefix;
        this.quick = quick;
    }

    void measure(Distribution distribution, BenchDatabase database, Report report)
            throws IOException, InterruptedException, SQLException {
        int times = quick ? 1 : TIMES;
        Samples accepting = new Samples();
        // Once before it counts, for the page cache.
        for (int i = 0; i <= times; i++) {
            try (BenchDatabase.Place place = database.fresh();
                    RunningServer server = RunningServer.start(distribution, place)) {
                if (i > 0) {
                    accepting.add(server.start().toNanos());
                }
                if (i == times) {
                    idle(server, report);
                }
            }
        }
        report.atMost(
                prefix + "serve to accepting requests: median",
                4,
                accepting.medianMillis() / 1000,
                "s",
                "of " + accepting.count() + ": best " + Report.number(accepting.percentileMillis(0) / 1000)
                        + " s, worst " + Report.number(accepting.percentileMillis(100) / 1000) + " s");
    }

    private void idle(RunningServer server, Report report) throws IOException {
        try (Connection connection = new Connection(server.url())) {
            server.awaitWorkers(connection);
        }
        Pacing.pause(IDLE.toNanos());
        report.atMost(
                prefix + "resident, idle, server without workers",
                450,
                server.resident(),
                "MB",
                "20 s after its workers were ready; proportional "
                        + Report.number(ProcessMemory.proportional(server.pid())) + " MB");
        report.inform(
                prefix + "resident, idle, its workers together",
                server.workersResident(),
                "MB",
                server.workers() + " workers");
    }
}
