package dev.ratchet.registry;

import dev.ratchet.core.common.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects problems and warnings while a package is read; keeps the first few hundred. Used by one thread. */
final class Problems {
    private static final int MAX = 200;

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    void add(String source, String position, String message) {
        add(new Problem(source, position, message));
    }

    void add(Problem problem) {
        if (problems.size() < MAX) {
            problems.add(problem);
        } else if (problems.size() == MAX) {
            problems.add(Problem.of(problem.source(), "and more problems; the first " + MAX + " are listed"));
        }
    }

    void warn(String source, String position, String message) {
        if (warnings.size() < MAX) {
            warnings.add(new Problem(source, position, message));
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    List<Problem> sorted() {
        return problems.stream().distinct().sorted().toList();
    }

    List<Problem> sortedWarnings() {
        return warnings.stream().distinct().sorted().toList();
    }
}
