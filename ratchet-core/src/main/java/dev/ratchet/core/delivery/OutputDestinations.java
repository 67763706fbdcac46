package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import java.util.List;
import java.util.Optional;

/**
 * Destinations as JSON. Two shapes are read, one per element: that of the API
 * ({@code {"destinationType": "webhook", "webhook": {...}}}, names in camel case) and that of the configuration
 * ({@code {"name": ..., "destination": {"type": "webhook", ...}}}, names in snake case). Thread-safe.
 */
public interface OutputDestinations {
    /** Most destinations of one job, schedule or configuration. */
    int MAX_DESTINATIONS = 10;

    /**
     * Reads an array of 1 to {@link #MAX_DESTINATIONS} destinations.
     *
     * @param source what to call the document in problems, such as {@code outputDestinations}
     * @throws RatchetException with every problem by its JSON pointer
     */
    List<OutputDestination> read(String source, JsonText json);

    /**
     * Writes destinations in the API's shape, every option spelled out.
     *
     * @param maskSecrets whether secrets become {@link SecretText#MASK}; what is written without this can be read back
     */
    JsonText write(List<OutputDestination> destinations, boolean maskSecrets);

    /**
     * What is delivered in place of an output: {@code {"error": {"type", "message", "details"?}}}.
     *
     * @param details a JSON object
     */
    JsonText fault(String type, String message, Optional<JsonText> details);
}
