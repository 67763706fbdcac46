package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.OutputDestination.StdioStream;
import java.io.IOException;

/** The standard streams of the program, handed over by the entry point. Called by one thread at a time. */
public interface StdioSink {
    /** Writes a block of lines as one piece; ends with a line feed. */
    void write(StdioStream stream, byte[] lines) throws IOException;

    /** Hands on what a stream holds back. */
    void flush(StdioStream stream) throws IOException;
}
