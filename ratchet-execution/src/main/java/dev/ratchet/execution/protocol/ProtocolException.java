package dev.ratchet.execution.protocol;

import java.io.IOException;

/** The peer sent something that is no message of this protocol. The connection is of no further use. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }
}
