package dev.ratchet.core.task;

import dev.ratchet.core.id.VersionId;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * That a version became the one new jobs run.
 *
 * @param number counted from 1; the greatest is in force
 * @param version the version
 * @param at when
 * @param actor on whose behalf
 * @param fallback number of the activation a rollback of this one returns to; empty for the first. After a rollback it is
 *     that of the activation returned to, so that rolling back twice goes two steps back and not to and fro
 */
public record Activation(int number, VersionId version, Instant at, String actor, OptionalInt fallback) {
    public Activation {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(fallback, "fallback");
    }
}
