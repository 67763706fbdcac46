package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import java.util.Objects;
import java.util.Optional;

/** A document as a list gives it: with its text where that is small, otherwise to be read by itself. */
public sealed interface StoredJson {
    /** Largest document, in UTF-8 bytes, that is stored within its row. */
    int MAX_INLINE_BYTES = 64 * 1024;

    /** UTF-8 bytes of the document. */
    long bytes();

    /** The text, where it is at hand. */
    Optional<JsonText> text();

    /** A document at hand. */
    record Inline(JsonText json, long bytes) implements StoredJson {
        public Inline {
            Objects.requireNonNull(json, "json");
        }

        @Override
        public Optional<JsonText> text() {
            return Optional.of(json);
        }
    }

    /** A document that is stored elsewhere. */
    record Elsewhere(long bytes) implements StoredJson {
        @Override
        public Optional<JsonText> text() {
            return Optional.empty();
        }
    }
}
