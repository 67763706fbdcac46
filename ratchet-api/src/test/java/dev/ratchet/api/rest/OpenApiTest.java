package dev.ratchet.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.openapi.OpenApiDocument;
import dev.ratchet.api.web.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private static List<Route> routes() {
        return new UseCases()
                .controllers().stream()
                        .flatMap(controller -> controller.routes().stream())
                        .toList();
    }

    /** With {@code -Dratchet.openapi.write=true} the file is written anew instead. */
    @Test
    void documentWhenMadeIsTheOneThatIsCommitted() throws IOException {
        Path committed = Path.of("..", "docs", "openapi.json");
        String made = OpenApiDocument.of(routes());
        if (Boolean.getBoolean("ratchet.openapi.write")) {
            Files.writeString(committed, made);
        }

        assertThat(made)
                .as("the interface has changed; look at the difference, then run this test with"
                        + " -Dratchet.openapi.write=true and commit docs/openapi.json")
                .isEqualTo(Files.readString(committed));
    }

    @Test
    void documentWhenReadRefersToNothingThatIsNotThere() {
        JsonNode document = MAPPER.readTree(OpenApiDocument.of(routes()));

        for (JsonNode reference : document.findValues("$ref")) {
            String pointer = reference.asString().substring(1);
            assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
        assertThat(document.path("paths").size()).isGreaterThan(40);
        assertThat(routes().stream().map(Route::operation)).doesNotHaveDuplicates();
        assertThat(routes()).allSatisfy(route -> assertThat(route.replies()).isNotEmpty());
    }

    static Stream<Route> withBody() {
        return routes().stream().filter(route -> route.body().isPresent());
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void exampleWhenSentIsAccepted(Route route) {
        JsonNode document = MAPPER.readTree(OpenApiDocument.of(routes()));
        JsonNode schema = document.path("components")
                .path("schemas")
                .path(route.body().orElseThrow().name());
        String example = schema.path("examples").path(0).toString();

        assertThat(schema.isMissingNode()).as(route.operation()).isFalse();
        if (!route.operation().equals("updateExecution") && !route.operation().equals("updateJob")) {
            assertThat(Body.read(route.body().orElseThrow(), example)).isNotNull();
        }
    }
}
