package dev.ratchet.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the group {@code server}.
 *
 * @param vendors databases, one after the other
 * @param parts what is measured on each
 * @param quick a few seconds of everything, to see that it works: its figures mean little
 * @param peer folder of the programs that are measured beside the server
 */
record ServerOptions(List<BenchDatabase.Vendor> vendors, Set<Part> parts, boolean quick, Optional<Path> peer) {
    /** Lines that are measured together. */
    enum Part {
        STARTS,
        LOAD,
        BACKLOG,
        READS
    }

    ServerOptions {
        vendors = List.copyOf(vendors);
        parts = Set.copyOf(parts);
    }

    /**
     * Takes the options out of {@code arguments}, which then holds the names of groups.
     *
     * @throws IllegalArgumentException naming what is wrong and what would be accepted
     */
    static ServerOptions take(List<String> arguments) {
        List<BenchDatabase.Vendor> vendors = List.of(BenchDatabase.Vendor.values());
        Set<Part> parts = EnumSet.allOf(Part.class);
        boolean quick = arguments.remove("--quick");
        String database = valueOf("--database", arguments);
        if (database != null) {
            vendors = List.of(choice(BenchDatabase.Vendor.class, "--database", database));
        }
        String only = valueOf("--only", arguments);
        if (only != null) {
            List<Part> named = new ArrayList<>();
            for (String part : only.split(",", -1)) {
                named.add(choice(Part.class, "--only", part));
            }
            parts = EnumSet.copyOf(named);
        }
        String peer = valueOf("--peer", arguments);
        return new ServerOptions(
                vendors, parts, quick, Optional.ofNullable(peer).map(Path::of));
    }

    private static @Nullable String valueOf(String option, List<String> arguments) {
        int at = arguments.indexOf(option);
        if (at < 0) {
            return null;
        }
        arguments.remove(at);
        if (at == arguments.size()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments.remove(at);
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String option, String given) {
        List<String> accepted = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (name.equals(given)) {
                return constant;
            }
            accepted.add(name);
        }
        throw new IllegalArgumentException(option + " is '" + given + "'; accepted: " + String.join(", ", accepted));
    }
}
