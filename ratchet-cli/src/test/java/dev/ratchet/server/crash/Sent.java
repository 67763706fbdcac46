package dev.ratchet.server.crash;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A job that was asked for, and everything that servers have told of it. Thread-safe. */
final class Sent {
    private final String token;
    private final Kind kind;
    private final int number;
    private final ObjectNode body;
    private @Nullable String job;
    private @Nullable String told;
    private boolean cancelAcknowledged;
    private boolean touched;

    /** What kinds of work there are; each has a task of its own, but for those that name another's. */
    enum Kind {
        /** Gives twice the number. */
        PLAIN("plain"),
        /** The same, run directly. */
        DIRECT("plain"),
        /** The same, under an idempotency key, sent again until it is acknowledged. */
        KEPT("plain"),
        /** The same, some time later. */
        LATER("plain"),
        /** The same, delivered to a webhook. */
        DELIVERED("plain"),
        /** Acts upon the receiver with a request that must not be repeated. */
        EFFECT("effect"),
        /** Fails some times first. */
        FLAKY("flaky"),
        /** Fails for good, and is then tried again by hand. */
        FAILING("failing"),
        /** Runs until it is cancelled. */
        ENDLESS("endless"),
        /** Runs beside a limited number of its like. */
        LIMITED("limited"),
        /** Logs and reports its progress for a while. */
        TALKING("talking");

        private final String task;

        Kind(String task) {
            this.task = "crash-" + task;
        }

        String task() {
            return task;
        }
    }

    Sent(String token, Kind kind, int number, ObjectNode body) {
        this.token = token;
        this.kind = kind;
        this.number = number;
        this.body = body;
    }

    String token() {
        return token;
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    ObjectNode body() {
        return body;
    }

    /** Its identifier, once it was acknowledged. */
    synchronized Optional<String> job() {
        return Optional.ofNullable(job);
    }

    /** It was acknowledged; false when it was so before under another identifier. */
    synchronized boolean acknowledged(String identifier) {
        boolean same = job == null || job.equals(identifier);
        job = identifier;
        return same;
    }

    /** The last final status that a server told, if it must still hold. */
    synchronized Optional<String> told() {
        return touched ? Optional.empty() : Optional.ofNullable(told);
    }

    synchronized void tell(String status) {
        if (status.equals("COMPLETED") || status.equals("FAILED") || status.equals("CANCELLED")) {
            told = status;
        }
    }

    synchronized boolean isCancelAcknowledged() {
        return cancelAcknowledged;
    }

    synchronized void cancelAcknowledged() {
        cancelAcknowledged = true;
    }

    /** Somebody is about to try it again by hand, so an end may be followed by another one. */
    synchronized void touch() {
        touched = true;
    }
}
