package dev.ratchet.core.task;

import java.util.Objects;

/**
 * What a new task is told beside its package.
 *
 * @param enabled whether it takes jobs at once
 * @param source where it comes from
 */
public record NewTask(boolean enabled, Task.Source source) {
    public NewTask {
        Objects.requireNonNull(source, "source");
    }
}
