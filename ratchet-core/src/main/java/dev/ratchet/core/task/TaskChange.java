package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to become of a task; what is empty stays as it is. All of it happens, or nothing.
 *
 * @param name its new name
 * @param label its new display name
 * @param description its new description
 * @param tags its new labels, all of them
 * @param metadata its author's further keys, all of them, as a JSON object
 * @param enabled whether it takes new jobs
 * @param content what it runs from now on, or may run
 */
public record TaskChange(
        Optional<String> name,
        Optional<String> label,
        Optional<String> description,
        Optional<List<String>> tags,
        Optional<JsonText> metadata,
        Optional<Boolean> enabled,
        Optional<Content> content) {
    /** Nothing; for the {@code with} methods to build on. */
    public static final TaskChange NONE = new TaskChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * New content.
     *
     * @param task the package; its name plays no part
     * @param changeDescription what its publisher says about it; may be empty
     * @param activate whether new jobs are to run it
     */
    public record Content(TaskPackage task, String changeDescription, boolean activate) {
        public Content {
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(changeDescription, "changeDescription");
        }
    }

    public TaskChange {
        tags = tags.map(List::copyOf);
    }

    /** Whether new jobs are taken, and nothing else. */
    public static TaskChange enabled(boolean enabled) {
        return NONE.withEnabled(enabled);
    }

    /** New content, and nothing else. */
    public static TaskChange content(Content content) {
        return new TaskChange(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(content));
    }

    /** The same, and whether new jobs are taken. */
    public TaskChange withEnabled(boolean newEnabled) {
        return new TaskChange(name, label, description, tags, metadata, Optional.of(newEnabled), content);
    }
}
