package dev.ratchet.api.web;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a route answers when nothing goes wrong. */
public sealed interface Answer {
    /** The HTTP status. */
    int status();

    /** Headers besides those of the content. */
    Map<String, String> headers();

    /** The same with one more header. */
    Answer with(String header, String value);

    /**
     * A whole document.
     *
     * @param mediaType of the bytes
     * @param bytes never changed after construction
     */
    @SuppressWarnings("ArrayRecordComponent") // handed straight to the connection
    record Content(int status, String mediaType, byte[] bytes, Map<String, String> headers) implements Answer {
        public Content {
            Objects.requireNonNull(mediaType, "mediaType");
            headers = Map.copyOf(headers);
        }

        @Override
        public Content with(String header, String value) {
            return new Content(status, mediaType, bytes, added(headers, header, value));
        }
    }

    /** No body. */
    record Empty(int status, Map<String, String> headers) implements Answer {
        public Empty {
            headers = Map.copyOf(headers);
        }

        @Override
        public Empty with(String header, String value) {
            return new Empty(status, added(headers, header, value));
        }
    }

    /** Events as they happen, {@code text/event-stream}. */
    record Stream(Events events, Map<String, String> headers) implements Answer {
        public Stream {
            Objects.requireNonNull(events, "events");
            headers = Map.copyOf(headers);
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public Stream with(String header, String value) {
            return new Stream(events, added(headers, header, value));
        }
    }

    /** Sends events until there are no more. Runs on the request's own thread and may block. */
    @FunctionalInterface
    interface Events {
        /** @throws IOException when the client has gone */
        void sendTo(EventStream target) throws IOException, InterruptedException;
    }

    private static Map<String, String> added(Map<String, String> headers, String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return all;
    }
}
