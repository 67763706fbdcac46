package dev.ratchet.execution.testing;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.execution.recording.JsonDiff;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One test of a task.
 *
 * @param file path of its file inside the package
 * @param index position in the file, from 0
 * @param name as given, or the file's name
 * @param description empty when absent
 * @param input what the task is given
 * @param expectation what must come of it
 * @param mocks answers to its fetches, in order of precedence
 * @param clockTicks where its virtual clock starts, in ticks of 0.1 ms since 1970-01-01T00:00:00Z
 * @param seed where its random numbers come from
 * @param secrets values of the secrets it reads
 */
public record TestCase(
        String file,
        int index,
        String name,
        String description,
        JsonText input,
        Expectation expectation,
        List<MockFetch> mocks,
        long clockTicks,
        String seed,
        Secrets secrets) {

    /** What must come of a run. */
    public sealed interface Expectation {
        /** An output. */
        record Output(JsonText expected, JsonDiff.Mode match) implements Expectation {}

        /**
         * A failure: an error that the task throws, an invalid input or output, or a limit. The last three go by the
         * types {@code InvalidInput}, {@code InvalidOutput} and {@code LimitExceeded}.
         *
         * @param type the error's class; null when any will do
         * @param message part of the message; null when any will do
         */
        record Failure(@Nullable String type, @Nullable String message) implements Expectation {}

        /** A failure whose type, or part of whose {@code Type: message} text, is this. */
        record FailureText(String text) implements Expectation {}

        /** Any failure of the kinds of {@link Failure}. */
        record AnyFailure() implements Expectation {}

        /** Any output. */
        record AnyOutput() implements Expectation {}
    }

    public TestCase {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(expectation, "expectation");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(secrets, "secrets");
        mocks = List.copyOf(mocks);
    }
}
