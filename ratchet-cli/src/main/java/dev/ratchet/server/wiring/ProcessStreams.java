package dev.ratchet.server.wiring;

import dev.ratchet.core.delivery.OutputDestination.StdioStream;
import dev.ratchet.execution.delivery.StdioSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The standard streams of the process, past {@code System.out}, which swallows errors. */
final class ProcessStreams implements StdioSink {
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final OutputStream err = new FileOutputStream(FileDescriptor.err);

    @Override
    public void write(StdioStream stream, byte[] lines) throws IOException {
        of(stream).write(lines);
    }

    @Override
    public void flush(StdioStream stream) throws IOException {
        of(stream).flush();
    }

    private OutputStream of(StdioStream stream) {
        return switch (stream) {
            case STDOUT -> out;
            case STDERR -> err;
        };
    }
}
