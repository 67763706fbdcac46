package dev.ratchet.api;

import java.util.Map;
import java.util.Objects;

/** A request that fails for a reason only HTTP knows. */
public final class HttpFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    @SuppressWarnings("serial") // Map.copyOf of strings is serializable
    private final Map<String, String> headers;

    public HttpFault(ProblemCode code, String message) {
        this(code, message, Map.of());
    }

    /** @param headers what the answer carries besides, such as {@code Allow} */
    public HttpFault(ProblemCode code, String message, Map<String, String> headers) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
        this.headers = Map.copyOf(headers);
    }

    /** The stable name. */
    public ProblemCode code() {
        return code;
    }

    /** Headers of the answer. */
    public Map<String, String> headers() {
        return headers;
    }
}
