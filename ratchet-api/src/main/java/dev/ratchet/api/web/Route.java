package dev.ratchet.api.web;

import dev.ratchet.api.json.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One route: its address, everything it takes and gives, and what answers it. Requests are checked against it, and the
 * published description is made of it.
 *
 * @param method HTTP method in capitals
 * @param path below the prefix of the interface, with variables in braces, such as {@code /tasks/{id}}
 * @param operation unique name
 * @param tag the group it is shown in
 * @param summary one sentence
 * @param parameters of the query
 * @param list parameters of a list, where it is one
 * @param headers that mean something here, for the description
 * @param body what a JSON body may contain; empty for routes that take none
 * @param bodyRequired whether there must be a body
 * @param otherBodies media types of bodies that are taken besides JSON
 * @param replies what it answers, apart from problems
 * @param handler what answers
 */
public record Route(
        String method,
        String path,
        String operation,
        String tag,
        String summary,
        List<Parameter<?>> parameters,
        Optional<ListParameters<?>> list,
        List<Parameter<?>> headers,
        Optional<Shape> body,
        boolean bodyRequired,
        List<String> otherBodies,
        List<Reply> replies,
        Handler handler) {
    /** Chooses properties of the objects in an answer. */
    public static final Parameter<String> FIELDS =
            Parameter.text("fields", 2_000, "Properties to show, parted by commas; a.b for b within a");

    /** Names the revision that is to be changed. */
    public static final Parameter<String> IF_MATCH =
            Parameter.text("If-Match", 200, "Only if the revision is still this one, as ETag gave it");

    /** Answers a request. */
    @FunctionalInterface
    public interface Handler {
        Answer handle(Call call) throws IOException, InterruptedException;
    }

    public Route {
        parameters = List.copyOf(parameters);
        headers = List.copyOf(headers);
        otherBodies = List.copyOf(otherBodies);
        replies = List.copyOf(replies);
    }

    /** Begins a route. */
    public static Builder get(String path, String operation) {
        return new Builder("GET", path, operation);
    }

    /** Begins a route. */
    public static Builder post(String path, String operation) {
        return new Builder("POST", path, operation);
    }

    /** Begins a route. */
    public static Builder patch(String path, String operation) {
        return new Builder("PATCH", path, operation);
    }

    /** Begins a route. */
    public static Builder delete(String path, String operation) {
        return new Builder("DELETE", path, operation);
    }

    /** Whether the objects it answers with can be trimmed to some of their properties. */
    boolean canTrim() {
        return replies.stream().anyMatch(reply -> reply.view().isPresent());
    }

    /** Whether it takes the query parameter. */
    boolean knows(String parameter) {
        return (canTrim() && parameter.equals(FIELDS.name()))
                || parameters.stream().anyMatch(known -> known.name().equals(parameter))
                || list.filter(known -> known.knows(parameter)).isPresent();
    }

    /** Names of the query parameters it takes. */
    public List<String> parameterNames() {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        list.ifPresent(known -> names.addAll(known.names()));
        if (canTrim()) {
            names.add(FIELDS.name());
        }
        return List.copyOf(names);
    }

    /** Media types of its answers. */
    List<String> produces() {
        return replies.stream()
                .flatMap(reply -> reply.mediaType().stream())
                .distinct()
                .toList();
    }

    /** Collects the parts of a route. */
    public static final class Builder {
        private final String method;
        private final String path;
        private final String operation;
        private String summary = "";
        private final List<Parameter<?>> parameters = new ArrayList<>();
        private Optional<ListParameters<?>> list = Optional.empty();
        private final List<Parameter<?>> headers = new ArrayList<>();
        private Optional<Shape> body = Optional.empty();
        private boolean bodyRequired;
        private final List<String> otherBodies = new ArrayList<>();
        private final List<Reply> replies = new ArrayList<>();

        private Builder(String method, String path, String operation) {
            this.method = method;
            this.path = path;
            this.operation = operation;
        }

        /** What it does, in one sentence. */
        public Builder does(String what) {
            this.summary = what;
            return this;
        }

        /** A parameter of the query. */
        public Builder query(Parameter<?>... more) {
            parameters.addAll(List.of(more));
            return this;
        }

        /** The parameters of a list. */
        public Builder list(ListParameters<?> listParameters) {
            this.list = Optional.of(listParameters);
            return this;
        }

        /** A header that means something. */
        public Builder header(Parameter<?>... more) {
            headers.addAll(List.of(more));
            return this;
        }

        /** A body that must be there. */
        public Builder body(Shape shape) {
            this.body = Optional.of(shape);
            this.bodyRequired = true;
            return this;
        }

        /** A body that may be left out. */
        public Builder optionalBody(Shape shape) {
            this.body = Optional.of(shape);
            return this;
        }

        /** Other forms of the body. */
        public Builder orBody(String... mediaTypes) {
            otherBodies.addAll(List.of(mediaTypes));
            return this;
        }

        /** What it answers. */
        public Builder answers(Reply... more) {
            replies.addAll(List.of(more));
            return this;
        }

        /** What answers. */
        public Route by(Handler handler) {
            String tag = path.split("/", 3)[1];
            return new Route(
                    method,
                    path,
                    operation,
                    tag,
                    summary,
                    parameters,
                    list,
                    headers,
                    body,
                    bodyRequired,
                    otherBodies,
                    replies,
                    handler);
        }
    }
}
