package dev.ratchet.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * The server with its default configuration (a fresh context for each run, every run recorded, SQLite with synchronous
 * FULL), a client in another process of the same machine, and a task that does next to nothing and has no schemas.
 */
final class Serving implements Group {
    private final ServerOptions options;

    Serving(ServerOptions options) {
        this.options = options;
    }

    @Override
    public void measure(Distribution distribution, Report report) throws IOException, InterruptedException {
        Optional<Yardstick.Figures> yardstick = Optional.empty();
        if (options.peer().isPresent()) {
            yardstick = Optional.of(Yardstick.measure(options.peer().get(), options.quick(), report));
        }
        for (BenchDatabase.Vendor vendor : options.vendors()) {
            try (BenchDatabase database = BenchDatabase.open(vendor)) {
                report.heading(database.description() + "; a context for each run, all runs recorded"
                        + (options.quick() ? "; QUICK, figures mean little" : ""));
                measure(distribution, database, yardstick, report);
            } catch (SQLException e) {
                throw new IllegalStateException("the database failed: " + e.getMessage(), e);
            }
        }
    }

    private void measure(
            Distribution distribution, BenchDatabase database, Optional<Yardstick.Figures> yardstick, Report report)
            throws IOException, InterruptedException, SQLException {
        String prefix = database.vendor().name().toLowerCase(Locale.ROOT) + ": ";
        boolean quick = options.quick();
        if (options.parts().contains(ServerOptions.Part.STARTS)) {
            new ServerStarts(prefix, quick).measure(distribution, database, report);
        }
        Optional<ServerLoad.Figures> figures = Optional.empty();
        if (options.parts().contains(ServerOptions.Part.LOAD)) {
            figures = Optional.of(new ServerLoad(prefix, quick).measure(distribution, database, report));
        }
        double drained = 0;
        if (options.parts().contains(ServerOptions.Part.BACKLOG)) {
            drained = new Backlog(prefix, quick).measure(distribution, database, report);
        }
        if (options.parts().contains(ServerOptions.Part.READS)) {
            new IndexedReads(prefix, quick).measure(distribution, database, report);
        }
        if (yardstick.isPresent()) {
            Yardstick.compare(yardstick.get(), figures, drained, prefix, report);
        }
    }
}
