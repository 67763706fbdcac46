package dev.ratchet.execution.schema;

import com.networknt.schema.Error;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Words for the library's findings: what is wrong and what would be accepted. */
final class ErrorText {
    private ErrorText() {}

    static String of(Error error) {
        String keyword = error.getKeyword() == null ? "" : error.getKeyword();
        String text =
                switch (keyword) {
                    case "type" -> "is " + found(error) + "; accepted: " + accepted(error.getSchemaNode());
                    case "required" -> "required property '" + error.getProperty() + "' is missing";
                    case "additionalProperties", "unevaluatedProperties" ->
                        "property '" + error.getProperty() + "' is not allowed by the schema";
                    case "enum" -> "is not one of the accepted values " + error.getSchemaNode();
                    case "const" -> "is not the one accepted value " + error.getSchemaNode();
                    case "pattern" -> "does not match the pattern " + error.getSchemaNode();
                    case "format" -> "is not a valid " + schemaText(error);
                    case "minimum" -> "is too small; accepted: " + error.getSchemaNode() + " or more";
                    case "maximum" -> "is too large; accepted: " + error.getSchemaNode() + " or less";
                    case "exclusiveMinimum" -> "is too small; accepted: more than " + error.getSchemaNode();
                    case "exclusiveMaximum" -> "is too large; accepted: less than " + error.getSchemaNode();
                    case "minLength" -> "is too short; accepted: " + error.getSchemaNode() + " characters or more";
                    case "maxLength" -> "is too long; accepted: " + error.getSchemaNode() + " characters or fewer";
                    case "minItems" -> "has too few items; accepted: " + error.getSchemaNode() + " or more";
                    case "maxItems" -> "has too many items; accepted: " + error.getSchemaNode() + " or fewer";
                    default -> String.valueOf(error.getMessage());
                };
        return JsonSchemas.shortened(text);
    }

    private static String schemaText(Error error) {
        JsonNode schema = error.getSchemaNode();
        return schema == null ? "value" : schema.asString("value");
    }

    private static String found(Error error) {
        JsonNode node = error.getInstanceNode();
        if (node == null) {
            return "of another type";
        }
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, POJO, MISSING -> node.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String accepted(JsonNode type) {
        if (type == null || !type.isArray()) {
            return type == null ? "another type" : type.asString();
        }
        StringBuilder names = new StringBuilder();
        type.forEach(name -> names.append(names.isEmpty() ? "" : ", ").append(name.asString()));
        return names.toString();
    }
}
