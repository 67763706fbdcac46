package dev.ratchet.registry;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.TaskPackage;
import java.util.List;
import java.util.Objects;

/** What came of loading a task package. */
public sealed interface LoadResult {
    /**
     * The package is sound as far as its files show; whether the code runs only a worker can tell.
     *
     * @param taskPackage the package
     * @param warnings what its author may want to look at, sorted; the package works all the same
     */
    record Loaded(TaskPackage taskPackage, List<Problem> warnings) implements LoadResult {
        public Loaded {
            Objects.requireNonNull(taskPackage, "taskPackage");
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The package cannot be used.
     *
     * @param problems everything wrong with it, sorted; at least one
     */
    record Rejected(List<Problem> problems) implements LoadResult {
        public Rejected {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a rejection has at least one problem");
            }
        }
    }
}
