package dev.ratchet.cli;

import dev.ratchet.storage.CheckReport;
import dev.ratchet.storage.DatabaseAdmin;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks whether a database is sound. */
@Command(
        name = "check",
        description = "Looks at every page and every reference of the database, and counts rows.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A server may go on working meanwhile.",
            "",
            "Examples:",
            "  ratchet db check",
            "  ratchet db check --config ratchet.yaml --format json",
            "",
            "Exit codes: 0 sound, 1 not sound, 2 usage or no database, 4 infrastructure."
        })
final class DbCheckCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Mixin
    private final DbOptions options = new DbOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private ReportFormat format = ReportFormat.TEXT;

    DbCheckCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        CheckReport report = new DatabaseAdmin(options.database(environment, globals), environment.clock()).check();
        switch (format) {
            case TEXT -> environment.out().print(text(report));
            case JSON -> environment.out().println(Json.pretty(json(report)));
        }
        return report.isSound() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String text(CheckReport report) {
        StringBuilder text = new StringBuilder();
        text.append(RunDisplay.printable(report.database())).append(report.isSound() ? ": sound" : ": not sound");
        text.append(report.schemaVersion()
                .map(version -> ", schema " + version)
                .orElse(report.isSound() ? ", no schema yet" : ""));
        if (report.pendingMigrations() > 0) {
            text.append(", ").append(report.pendingMigrations()).append(" steps behind this program");
        }
        if (report.bytes() >= 0) {
            text.append(String.format(Locale.ROOT, ", %,d bytes", report.bytes()));
        }
        text.append('\n');
        report.faults()
                .forEach(fault ->
                        text.append("  ").append(RunDisplay.printable(fault)).append('\n'));
        for (Map.Entry<String, Long> table : report.rows().entrySet()) {
            text.append(String.format(Locale.ROOT, "  %-20s %,15d rows\n", table.getKey(), table.getValue()));
        }
        return text.toString();
    }

    private static ObjectNode json(CheckReport report) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("database", report.database());
        root.put("sound", report.isSound());
        root.put("schemaVersion", report.schemaVersion().orElse(null));
        root.put("pendingMigrations", report.pendingMigrations());
        root.put("bytes", report.bytes());
        ObjectNode rows = root.putObject("rows");
        report.rows().forEach(rows::put);
        var faults = root.putArray("faults");
        report.faults().forEach(faults::add);
        return root;
    }
}
