package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;

/** The exit codes of {@code docs/errors.md} that are not an outcome's own. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INFRASTRUCTURE = 4;
    static final int CANCELLED = 130;

    private ExitCode() {}

    static int of(ErrorCode code) {
        return switch (code.category()) {
            case INVALID, NOT_FOUND, CONFLICT -> USAGE;
            case EXHAUSTED, UNAVAILABLE, INTERNAL -> INFRASTRUCTURE;
        };
    }
}
