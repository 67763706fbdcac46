package dev.ratchet.api.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Writes server-sent events (HTML Living Standard, section 9.2). Not for several threads. */
public final class EventStream {
    private final OutputStream target;
    private final MemoryBudget.Hold memory;
    private final BooleanSupplier open;

    /** @param open whether the server goes on */
    EventStream(OutputStream target, MemoryBudget.Hold memory, BooleanSupplier open) {
        this.target = target;
        this.memory = memory;
        this.open = open;
    }

    /** Whether to go on; a stream looks now and then while it has nothing to send. */
    public boolean isOpen() {
        return open.getAsBoolean();
    }

    /** Room for a large event, until the stream ends. */
    public MemoryBudget.Hold memory() {
        return memory;
    }

    /**
     * Sends one event, at {@link #flush} at the latest.
     *
     * @param id what a client names as {@code Last-Event-ID} when it comes back; empty for none
     * @param event its kind, a plain word
     * @param data JSON of one line
     */
    public void send(String id, String event, String data) throws IOException {
        StringBuilder text = new StringBuilder(data.length() + 64);
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(event).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        write(text.append('\n').toString());
    }

    /** Shows that the connection lives, and finds out whether it does. */
    public void beat() throws IOException {
        write(": \n\n");
        flush();
    }

    /** Lets the client have what was sent. For each event by itself, a busy log would be all packets and no text. */
    public void flush() throws IOException {
        target.flush();
    }

    private void write(String text) throws IOException {
        target.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
