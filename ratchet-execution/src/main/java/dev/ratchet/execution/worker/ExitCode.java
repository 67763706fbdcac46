package dev.ratchet.execution.worker;

/** What the process ends with; the parent tells them apart in what it reports. */
final class ExitCode {
    /** The parent has gone or asked for the end. */
    static final int DONE = 0;

    /** Wrong arguments or no handshake. */
    static final int USAGE = 64;

    /** The parent broke the protocol. */
    static final int PROTOCOL = 65;

    /** The engine or the worker itself failed; a stack trace is on standard error. */
    static final int FAILURE = 70;

    /** The heap was exhausted where no run could be blamed and ended. */
    static final int HEAP = 71;

    private ExitCode() {}
}
