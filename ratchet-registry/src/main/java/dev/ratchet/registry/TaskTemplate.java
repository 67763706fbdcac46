package dev.ratchet.registry;

import java.util.List;
import java.util.Objects;

/**
 * A template tasks can be generated from.
 *
 * @param name what it is called, such as {@code http_api_call}
 * @param description one sentence
 * @param category what it is about, one word
 * @param tags labels a generated task starts with
 * @param parameters its own parameters; {@link TaskTemplates#COMMON_PARAMETERS} come on top
 */
public record TaskTemplate(
        String name, String description, String category, List<String> tags, List<Parameter> parameters) {
    /**
     * A parameter of a template.
     *
     * @param name what it is called
     * @param required whether it must be given
     * @param defaultValue what holds when it is not given, as text; empty when it is required
     * @param description what it is for and what is accepted
     */
    public record Parameter(String name, boolean required, String defaultValue, String description) {
        public Parameter {
            Objects.requireNonNull(name, "name");
        }
    }

    public TaskTemplate {
        Objects.requireNonNull(name, "name");
        tags = List.copyOf(tags);
        parameters = List.copyOf(parameters);
    }
}
