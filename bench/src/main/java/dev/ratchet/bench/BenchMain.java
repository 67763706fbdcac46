package dev.ratchet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the distribution and prints, line by line, target, figure and PASS or MISS.
 *
 * <pre>{@code
 * java -Dratchet.home=ratchet-cli/target/dist -jar bench/target/bench/benchmarks.jar [GROUP...] [OPTION...]
 * }</pre>
 *
 * Options of the group {@code server}: {@code --database sqlite|postgresql}, {@code --only starts,load,backlog,reads},
 * {@code --quick}, {@code --peer DIRECTORY}.
 *
 * The exit code is 0 whatever the figures are, 2 for wrong usage.
 */
public final class BenchMain {
    private BenchMain() {}

    private static Map<String, Group> groups(ServerOptions options) {
        Map<String, Group> groups = new LinkedHashMap<>();
        groups.put("roundtrips", new RoundTrips());
        groups.put("starts", new Starts());
        groups.put("commands", new Commands());
        groups.put("compute", new Compute());
        groups.put("endurance", new Endurance());
        groups.put("protocol", new Protocol());
        groups.put("server", new Serving(options));
        return groups;
    }

    /** Measures the groups named, or all. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        List<String> wanted = new ArrayList<>(List.of(arguments));
        Map<String, Group> groups = Map.of();
        try {
            groups = groups(ServerOptions.take(wanted));
        } catch (IllegalArgumentException e) {
            refuse(String.valueOf(e.getMessage()));
        }
        if (wanted.isEmpty()) {
            wanted.addAll(groups.keySet());
        }
        String home = System.getProperty("ratchet.home");
        if (home == null || !Files.isRegularFile(Path.of(home, "lib", "worker.jar"))) {
            refuse("-Dratchet.home must be a distribution, as ./ratchet builds it; was " + home);
        }
        for (String name : wanted) {
            if (!groups.containsKey(name)) {
                refuse("unknown group '" + name + "'; there are " + String.join(", ", groups.keySet()));
            }
        }
        Path javaHome = Path.of(System.getProperty("java.home"));
        Distribution distribution =
                new Distribution(Path.of(String.valueOf(home)).toAbsolutePath().normalize(), javaHome);
        Runtime runtime = Runtime.getRuntime();
        System.out.println(String.format(
                Locale.ROOT,
                "%s, Java %s, %s %s, %d processors, load %s",
                System.getProperty("java.vendor"),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                runtime.availableProcessors(),
                load()));
        System.out.println();
        Report report = new Report(System.out);
        for (Map.Entry<String, Group> group : groups.entrySet()) {
            if (wanted.contains(group.getKey())) {
                group.getValue().measure(distribution, report);
            }
        }
        report.summary();
        System.out.println("load at the end: " + load());
    }

    /** Load average of the last minute: figures of a busy machine are worth less. */
    private static String load() {
        double load = java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                .getSystemLoadAverage();
        return load < 0 ? "unknown" : Report.number(load);
    }

    private static void refuse(String message) {
        System.err.println("bench: " + message);
        System.exit(2);
    }
}
