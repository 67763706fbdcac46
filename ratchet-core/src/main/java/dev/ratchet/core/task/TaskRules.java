package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the descriptive parts of a stored task may look like. */
final class TaskRules {
    static final int MAX_NAME = 100;
    static final int MAX_LABEL = 200;
    static final int MAX_DESCRIPTION = 10_000;
    static final int MAX_TAGS = 50;
    static final int MAX_TAG = 100;
    static final int MAX_METADATA_BYTES = 64 * 1024;
    static final int MAX_CHANGE_DESCRIPTION = 1_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_NAME + "}");

    /** The pattern semver.org gives for version 2.0.0. */
    private static final Pattern SEMANTIC_VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    private static final int MAX_SEMANTIC_VERSION = 100;

    private TaskRules() {}

    /** What is wrong with the identity of a package; its name only counts where a task is to be called by it. */
    static List<Problem> faultsOf(TaskMetadata metadata, boolean naming) {
        List<Problem> faults = new ArrayList<>();
        if (naming) {
            checkName("name", metadata.name(), faults);
        }
        String version = metadata.version();
        if (version.length() > MAX_SEMANTIC_VERSION
                || !SEMANTIC_VERSION.matcher(version).matches()) {
            faults.add(Problem.of(
                    "version",
                    "'" + shortened(version) + "' is no semantic version such as 1.0.0, of at most "
                            + MAX_SEMANTIC_VERSION + " characters"));
        }
        checkLength("label", metadata.label(), MAX_LABEL, faults);
        checkLength("description", metadata.description(), MAX_DESCRIPTION, faults);
        checkTags(metadata.tags(), faults);
        checkMetadata(metadata.other(), faults);
        return faults;
    }

    /** What is wrong with a change, its content apart. */
    static List<Problem> faultsOf(TaskChange change) {
        List<Problem> faults = new ArrayList<>();
        change.name().ifPresent(name -> checkName("name", name, faults));
        change.label().ifPresent(label -> checkLength("label", label, MAX_LABEL, faults));
        change.description().ifPresent(text -> checkLength("description", text, MAX_DESCRIPTION, faults));
        change.tags().ifPresent(tags -> checkTags(tags, faults));
        change.metadata().ifPresent(metadata -> checkMetadata(metadata, faults));
        change.content()
                .ifPresent(content ->
                        checkLength("changeDescription", content.changeDescription(), MAX_CHANGE_DESCRIPTION, faults));
        return faults;
    }

    private static void checkName(String source, String name, List<Problem> faults) {
        if (!NAME.matcher(name).matches()) {
            faults.add(Problem.of(
                    source,
                    "'" + shortened(name) + "' is no task name: 1 to " + MAX_NAME + " letters, digits, _ and -"));
        }
    }

    private static void checkTags(List<String> tags, List<Problem> faults) {
        if (tags.size() > MAX_TAGS) {
            faults.add(Problem.of("tags", "at most " + MAX_TAGS + " are kept, there are " + tags.size()));
        }
        if (tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > MAX_TAG || hasNul(tag))) {
            faults.add(Problem.of("tags", "each has 1 to " + MAX_TAG + " characters and no NUL"));
        }
    }

    private static void checkMetadata(JsonText metadata, List<Problem> faults) {
        if (!metadata.value().stripLeading().startsWith("{")) {
            faults.add(Problem.of("metadata", "must be a JSON object"));
        }
        if (metadata.sizeInBytes() > MAX_METADATA_BYTES) {
            faults.add(Problem.of(
                    "metadata",
                    "has " + metadata.sizeInBytes() + " bytes, at most " + MAX_METADATA_BYTES + " are kept"));
        }
    }

    private static void checkLength(String source, String text, int most, List<Problem> faults) {
        if (text.length() > most) {
            faults.add(Problem.of(source, "has " + text.length() + " characters, at most " + most + " are kept"));
        }
        // A text column of PostgreSQL cannot hold it.
        if (hasNul(text)) {
            faults.add(Problem.of(source, "must not have the character NUL"));
        }
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "…";
    }
}
