package dev.ratchet.cli.config;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.execution.delivery.DestinationJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hands a global destination, with its secrets followed, to the reader that also reads the destinations of jobs, so that
 * both mean the same.
 */
final class DestinationReader {
    static final String LIST = "output.global_destinations";

    private final DestinationJson reader;
    private final Origin list;

    /**
     * @param defaultTimeout of webhooks that state none; 1 to 300 seconds
     * @param list where the list of destinations stands
     */
    DestinationReader(Duration defaultTimeout, Origin list) {
        this.reader = new DestinationJson(defaultTimeout);
        this.list = list;
    }

    /** The destination; empty when it is at fault, which is then added to {@code problems}. */
    Optional<OutputDestination> read(Values item, List<Problem> problems) {
        String place = item.place(Keys.DESTINATION_NAME);
        String itemPlace = place.substring(0, place.lastIndexOf('.'));
        ObjectNode element = JsonNodeFactory.instance.objectNode();
        copy(item, Keys.DESTINATION_NAME, element, "name");
        copy(item, Keys.DESTINATION_ON, element, "on");
        ObjectNode destination = element.putObject("destination");
        for (Key<?> key : Keys.ALL) {
            if (key.path().startsWith(Keys.TO) && !key.equals(Keys.DESTINATION_HEADER)) {
                copy(item, key, destination, key.path().substring(Keys.TO.length()));
            }
        }
        item.named(Keys.DESTINATION_HEADER)
                .forEach((name, value) ->
                        destination.withObjectProperty("headers").put(name, value));
        try {
            String source = list instanceof Origin.InFile(String file, String _, int _) ? file : "configuration";
            JsonText json = new JsonText(
                    JsonNodeFactory.instance.arrayNode().add(element).toString());
            return Optional.of(reader.read(source, json).getFirst());
        } catch (RatchetException e) {
            String pointer = "/" + itemPlace.replaceAll("[.\\[]", "/").replace("]", "");
            for (Problem problem : e.problems()) {
                Problem here = new Problem(
                        problem.source(), problem.position().replaceFirst("^/0", pointer), problem.message());
                // A value that was at fault is missing here, and has been reported.
                if (problems.stream()
                        .noneMatch(known -> known.position().equals(here.position())
                                && known.source().equals(here.source()))) {
                    problems.add(here);
                }
            }
            return Optional.empty();
        }
    }

    private static <T> void copy(Values item, Key<T> key, ObjectNode to, String path) {
        item.ifGiven(key).ifPresent(value -> {
            JsonNode shown = key.type().show(value);
            int point = path.indexOf('.');
            if (point < 0) {
                to.set(path, shown);
            } else {
                to.withObjectProperty(path.substring(0, point)).set(path.substring(point + 1), shown);
            }
        });
    }
}
