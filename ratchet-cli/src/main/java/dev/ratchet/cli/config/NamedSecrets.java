package dev.ratchet.cli.config;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.secret.Secrets;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gathers the secrets that have a name: files of a mounted folder, and over them variables
 * {@code RATCHET_SECRET_NAME=value} or {@code RATCHET_SECRET_NAME_FILE=path}.
 */
final class NamedSecrets {
    static final String PREFIX = Key.PREFIX + "SECRET_";
    private static final String OF_FILE = "_FILE";
    private static final int MOST = 1000;

    private NamedSecrets() {}

    /** One secret by name; empty when there is none of that name. */
    static Optional<Reading<References.Found>> one(
            String name, Map<String, String> environment, References references) {
        String value = environment.get(PREFIX + name);
        if (value != null && !value.isEmpty()) {
            return Optional.of(Reading.good(new References.Found(value, PREFIX + name)));
        }
        String file = environment.get(PREFIX + name + OF_FILE);
        if (file != null && !file.isEmpty()) {
            return Optional.of(References.file(file));
        }
        Path directory = references.directory();
        if (directory != null && Secrets.NAME.matcher(name).matches() && Files.isRegularFile(directory.resolve(name))) {
            return Optional.of(References.file(directory.resolve(name).toString()));
        }
        return Optional.empty();
    }

    /** All of them; what is wrong with one is added to {@code problems}, and it is left out. */
    static Secrets all(
            Map<String, String> environment,
            Optional<Path> directory,
            Origin origin,
            List<Problem> problems,
            List<String> warnings) {
        Map<String, String> secrets = new TreeMap<>();
        directory.ifPresent(folder -> ofFolder(folder, origin, secrets, problems, warnings));
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (!variable.startsWith(PREFIX)
                    || environment.getOrDefault(variable, "").isEmpty()) {
                continue;
            }
            String value = environment.getOrDefault(variable, "");
            String name = variable.substring(PREFIX.length());
            if (name.endsWith(OF_FILE)) {
                Reading<References.Found> reading = References.file(value);
                name = name.substring(0, name.length() - OF_FILE.length());
                switch (reading) {
                    case Reading.Good<References.Found>(References.Found found) ->
                        put(secrets, name, found.value(), new Origin.Variable(variable), problems);
                    case Reading.Bad<References.Found>(String message) -> problems.add(Problem.of(variable, message));
                }
            } else {
                put(secrets, name, value, new Origin.Variable(variable), problems);
            }
        }
        return secrets.isEmpty() ? Secrets.NONE : new Secrets(secrets);
    }

    private static void ofFolder(
            Path folder, Origin origin, Map<String, String> secrets, List<Problem> problems, List<String> warnings) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            int seen = 0;
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                // Mounted folders keep their versions in files and folders that begin with a dot.
                if (name.startsWith(".") || !Files.isRegularFile(file)) {
                    continue;
                }
                if (++seen > MOST) {
                    problems.add(
                            origin.problem(folder + " has more than " + MOST + " files; accepted: one per secret"));
                    return;
                }
                if (!Secrets.NAME.matcher(name).matches()) {
                    warnings.add("the file " + file + " is no secret: its name is not one of letters, digits and _");
                    continue;
                }
                switch (References.file(file.toString())) {
                    case Reading.Good<References.Found>(References.Found found) ->
                        put(secrets, name, found.value(), origin, problems);
                    case Reading.Bad<References.Found>(String message) -> problems.add(origin.problem(message));
                }
            }
        } catch (IOException e) {
            problems.add(origin.problem("the folder " + folder + " cannot be read: "
                    + e.getClass().getSimpleName() + "; accepted: a folder with one file per secret"));
        }
    }

    private static void put(
            Map<String, String> secrets, String name, String value, Origin origin, List<Problem> problems) {
        try {
            // Checks the pair by the rules of the whole.
            var _ = new Secrets(Map.of(name, value));
            secrets.put(name, value);
        } catch (IllegalArgumentException e) {
            problems.add(origin.problem(String.valueOf(e.getMessage())));
        }
    }
}
