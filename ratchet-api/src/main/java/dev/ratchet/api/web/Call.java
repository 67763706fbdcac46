package dev.ratchet.api.web;

import dev.ratchet.api.HttpFault;
import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.Shape;
import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request that a route answers: what it says, read with all checks, the moment it is asked for. */
public final class Call {
    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");
    private static final Pattern TEXT_OF_HEADER = Pattern.compile("[\\x20-\\x7e]*");

    private final HttpServletRequest request;
    private final Route route;
    private final Map<String, String> variables;
    private final Query query;
    private final Caller caller;
    private final Instant receivedAt;
    private final long maxBodyBytes;
    private final MemoryBudget.Hold memory;
    private final StreamPlaces.Place streamPlace;

    Call(
            HttpServletRequest request,
            Route route,
            Map<String, String> variables,
            Query query,
            Caller caller,
            Instant receivedAt,
            long maxBodyBytes,
            MemoryBudget.Hold memory,
            StreamPlaces.Place streamPlace) {
        this.request = request;
        this.route = route;
        this.variables = variables;
        this.query = query;
        this.caller = caller;
        this.receivedAt = receivedAt;
        this.maxBodyBytes = maxBodyBytes;
        this.memory = memory;
        this.streamPlace = streamPlace;
    }

    /** On whose behalf. */
    public Caller caller() {
        return caller;
    }

    /** When the request came. */
    public Instant receivedAt() {
        return receivedAt;
    }

    /** Room for large documents, until the answer is sent. */
    public MemoryBudget.Hold memory() {
        return memory;
    }

    /** A variable of the route's path. */
    public String variable(String name) {
        return Objects.requireNonNull(variables.get(name), name);
    }

    /** The query. */
    public Query query() {
        return query;
    }

    /** The value of a query parameter. */
    public <T> Optional<T> parameter(Parameter<T> parameter) {
        return parameter.in(query);
    }

    /**
     * A request header.
     *
     * @throws RatchetException BAD_REQUEST when it is given more than once, has more than {@code maxLength} characters,
     *     or others than those of ASCII that can be printed
     */
    public Optional<String> header(String name, int maxLength) {
        List<String> values = Collections.list(request.getHeaders(name));
        if (values.size() > 1) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, name + " is given " + values.size() + " times; accepted: once");
        }
        return values.isEmpty() ? Optional.empty() : checked(name, values.getFirst(), maxLength);
    }

    /**
     * A request header whose lines are parts of one list (RFC 9110, section 5.3).
     *
     * @throws RatchetException BAD_REQUEST when they have more than {@code maxLength} characters, or others than those of
     *     ASCII that can be printed
     */
    public Optional<String> listHeader(String name, int maxLength) {
        return checked(name, String.join(", ", Collections.list(request.getHeaders(name))), maxLength);
    }

    private static Optional<String> checked(String name, String value, int maxLength) {
        if (value.isBlank()) {
            return Optional.empty();
        }
        if (value.length() > maxLength || !TEXT_OF_HEADER.matcher(value).matches()) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, name + " must have at most " + maxLength + " printable ASCII characters");
        }
        return Optional.of(value.strip());
    }

    /** Whether the client wants to see this property, which it does unless it has chosen others. */
    public boolean shows(String property) {
        return parameter(Route.FIELDS)
                .map(chosen -> Arrays.stream(chosen.split(",", -1))
                        .map(String::strip)
                        .anyMatch(field -> field.equals(property) || field.startsWith(property + ".")))
                .orElse(true);
    }

    /** The address of the request without its query. */
    public String path() {
        return request.getRequestURI();
    }

    /** The prefix of all addresses, such as {@code /api/v1}. */
    public String prefix() {
        return ApiRouter.PREFIX;
    }

    /** Whether the client wants events rather than a document. */
    public boolean wantsEvents() {
        return MediaRanges.prefers(request.getHeader("Accept"), Reply.EVENTS, Reply.JSON);
    }

    /**
     * Makes sure that there is room for the stream this is going to be answered with, before something is done that the
     * client could not learn of otherwise.
     *
     * @throws RatchetException RATE_LIMITED when there is none
     */
    public void reserveStream() {
        streamPlace.take();
    }

    /** Media type of the body in lower case, without parameters; empty for none. */
    public String contentType() {
        @Nullable String given = request.getContentType();
        if (given == null) {
            return "";
        }
        int end = given.indexOf(';');
        return (end < 0 ? given : given.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** The {@code boundary} and other parameters of the media type, as they were given; empty for none. */
    public String contentTypeParameters() {
        @Nullable String given = request.getContentType();
        int end = given == null ? -1 : given.indexOf(';');
        return given == null || end < 0 ? "" : given.substring(end + 1);
    }

    /**
     * The revision a client insists on.
     *
     * @return empty when it insists on none
     * @throws RatchetException PRECONDITION_FAILED when what it names is no revision, so that it cannot be the current
     */
    public OptionalLong expectedRevision() {
        Optional<String> given = header("If-Match", 200).filter(tag -> !tag.equals("*"));
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        Matcher tag = TAG.matcher(given.get());
        if (!tag.matches()) {
            throw new RatchetException(
                    ErrorCode.PRECONDITION_FAILED,
                    "If-Match names no revision; accepted: one tag as ETag gave it, such as \"3\"");
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }

    /**
     * Changes what was read a moment ago and must not have been changed since.
     *
     * @param what the object, as a message names it
     * @throws RatchetException CONFLICT in place of PRECONDITION_FAILED where the client has set no condition that could
     *     fail
     */
    public <T> T changing(String what, Supplier<T> change) {
        try {
            return change.get();
        } catch (RatchetException e) {
            if (e.code() != ErrorCode.PRECONDITION_FAILED || expectedRevision().isPresent()) {
                throw e;
            }
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    what + " was changed by another request at the same time; send the change again",
                    e);
        }
    }

    /** Whether there is a body at all. */
    public boolean hasBody() {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /**
     * The JSON body.
     *
     * @throws HttpFault UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
     * @throws RatchetException BAD_REQUEST, VALIDATION_ERROR
     */
    public Body body() throws IOException {
        Shape shape = route.body().orElseThrow();
        String type = contentType();
        boolean patch =
                type.equals("application/merge-patch+json") && route.method().equals("PATCH");
        if (!hasBody() && !route.bodyRequired()) {
            return Body.EMPTY;
        }
        if (!type.isEmpty() && !type.equals(Reply.JSON) && !patch) {
            throw unsupported(type);
        }
        byte[] bytes = bytes(maxBodyBytes);
        if (bytes.length == 0 && !route.bodyRequired()) {
            return Body.EMPTY;
        }
        return Body.read(shape, text(bytes));
    }

    HttpFault unsupported(String type) {
        String accepted = route.body().isEmpty()
                ? "no body"
                : Reply.JSON
                        + (route.method().equals("PATCH") ? ", application/merge-patch+json" : "")
                        + (route.otherBodies().isEmpty() ? "" : ", " + String.join(", ", route.otherBodies()));
        return new HttpFault(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type is " + (type.isEmpty() ? "missing" : type.length() > 100 ? type.substring(0, 100) : type)
                        + "; accepted: " + accepted);
    }

    private String text(byte[] bytes) {
        String parameters = contentTypeParameters().toLowerCase(Locale.ROOT);
        if (parameters.contains("charset") && !parameters.replace("\"", "").contains("charset=utf-8")) {
            throw new HttpFault(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "JSON is encoded in UTF-8, no other charset");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "the body holds bytes that are not UTF-8", e);
        }
    }

    /**
     * The bytes of the body.
     *
     * @throws HttpFault PAYLOAD_TOO_LARGE when there are more than {@code most}; UNSUPPORTED_MEDIA_TYPE when they are
     *     compressed
     */
    public byte[] bytes(long most) throws IOException {
        @Nullable String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HttpFault(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "compressed bodies are not taken");
        }
        long declared = request.getContentLengthLong();
        if (declared > most) {
            throw tooLarge(most);
        }
        makeRoom(Math.max(0, declared));
        int limit = (int) Math.min(most + 1, Integer.MAX_VALUE - 8);
        try (InputStream body = request.getInputStream()) {
            byte[] bytes = body.readNBytes(declared < 0 ? Math.min(limit, MemoryBudget.SMALL + 1) : limit);
            if (declared < 0 && bytes.length > MemoryBudget.SMALL) {
                // Of unknown length most are small, and need no room; this one may get as large as any.
                makeRoom(most);
                bytes = new SequenceInputStream(new ByteArrayInputStream(bytes), body).readNBytes(limit);
            }
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            memory.shrink(bytes.length);
            return bytes;
        }
    }

    private void makeRoom(long bytes) {
        try {
            memory.take(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the server is shutting down", e);
        }
    }

    private static RatchetException tooLarge(long most) {
        return new RatchetException(
                ErrorCode.PAYLOAD_TOO_LARGE, "the body is larger than the " + most + " bytes that are taken");
    }
}
