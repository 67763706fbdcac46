package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import java.util.List;

/**
 * Port to the JSON Schema library. Dialects 2020-12 (also when {@code $schema} is absent) and draft-07; formats are
 * asserted; {@code $ref} stays inside the document; a {@code pattern} must be in RE2 syntax, so that matching takes
 * linear time. Implementations are thread-safe.
 */
public interface SchemaCompiler {
    /** Outcome of {@link #compile}. */
    sealed interface Compilation {
        /** The schema can be used. */
        record Compiled(CompiledSchema schema) implements Compilation {}

        /** The schema is faulty; at least one problem. */
        record Rejected(List<Problem> problems) implements Compilation {
            public Rejected {
                problems = List.copyOf(problems);
            }
        }
    }

    /**
     * Compiles a schema document.
     *
     * @param source what to call the document in problems, such as {@code input.schema.json}
     * @param schema the document
     */
    Compilation compile(String source, JsonText schema);

    /** A compiled schema; immutable and thread-safe. */
    interface CompiledSchema {
        /**
         * Checks a value.
         *
         * @param source what to call the value in problems, such as {@code input}
         * @return empty when the value satisfies the schema; at most a few dozen problems otherwise
         */
        List<Problem> validate(String source, JsonText value);
    }
}
