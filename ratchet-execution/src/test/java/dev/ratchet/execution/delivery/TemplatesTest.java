package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.execution.delivery.Templates.Place;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
    private static final String OUTPUT = """
            {"id": 7, "name": "a/b", "up": "..", "quote": "say \\"hi\\"", "line": "a\\nb", "none": null,
             "rate": 1.50, "on": true, "items": [{"n": 1}, {"n": 2}], "nested": {"deep": "x&y"}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{job_id}}                                | 0195713f-5d2a-7000-8000-000000000002
            {{execution_id}}                          | 0195713f-5d2a-7000-8000-000000000003
            {{task_id}}                               | 0195713f-5d2a-7000-8000-000000000004
            {{task_name}}@{{task_version}}            | weather@1.2.0
            {{status}} {{attempt}}                    | COMPLETED 2
            {{timestamp}}                             | 2026-03-07T08:09:10.123Z
            {{date}} {{year}} {{month}} {{day}} {{hour}} | 2026-03-07 2026 03 07 08
            {{env}} {{environment}} {{trace_id}}      | staging staging trace-1
            {{delivery_id}}                           | 0195713f-5d2a-7000-8000-000000000001
            {{output.id}} {{output.rate}} {{output.on}} | 7 1.50 true
            {{output.items.[1].n}}                    | 2
            [{{output.none}}]                         | []
            {{#each output.items}}{{n}},{{/each}}     | 1,2,
            {{#if output.on}}yes{{else}}no{{/if}}     | yes
            {{lookup output 'id'}}                    | 7
            {{#with output.nested}}{{deep}}{{/with}}  | x&y
            plain { text }                            | plain { text }
            """)
    void fillWhenVariablesHaveValuesResultHoldsThem(String template, String expected) throws TemplateException {
        assertThat(fill(template, Place.TEXT_BODY)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{output.missing}}       | output.missing
            {{schedule_name}}        | schedule_name
            {{request_id}}           | request_id
            {{error.message}}        | error.message
            {{nope}}                 | nope
            {{output.name.class}}    | output.name.class
            {{output.class}}         | output.class
            {{output.items.size}}    | output.items.size
            {{job_id.bytes}}         | job_id.bytes
            {{helperMissing}}        | helperMissing
            """)
    void fillWhenNameHasNoValueFailsAndSaysIt(String template, String name) {
        assertThatThrownBy(() -> fill(template, Place.TEXT_BODY))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{> other}}",
                "{{#> other}}x{{/other}}",
                "{{~> other}}",
                "{{#*inline \"a\"}}x{{/inline}}",
                "{{* decorator}}",
                "{{=<% %>=}}<%job_id%>",
                "{{precompile \"x\"}}",
                "{{include \"x\"}}",
                "{{embedded \"x\"}}",
                "{{partial \"x\"}}",
                "{{block \"x\"}}",
                "{{i18n \"x\"}}",
                "{{log \"x\"}}",
                "{{unclosed",
                "{{#if output}}no end"
            })
    void fillWhenMoreThanVariablesAndFewHelpersIsRefused(String template) {
        assertThatThrownBy(() -> fill(template, Place.TEXT_BODY)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"PATH", "URL", "HEADER", "PREFIX"})
    void fillWhenUnescapedOutsideBodyIsRefused(Place place) {
        for (String template : new String[] {
            "{{{output.name}}}",
            "{{&output.name}}",
            "{{ & output.name}}",
            "{{~{output.name}~}}",
            "{{{{raw}}}}x{{{{/raw}}}}"
        }) {
            assertThatThrownBy(() -> fill(template, place))
                    .as(template)
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining("unescaped");
        }
    }

    @Test
    void fillWhenPlaceDiffersValuesAreEscapedForIt() throws TemplateException {
        assertThat(fill("d/{{output.name}}", Place.PATH)).isEqualTo("d/a_b");
        assertThat(fill("d/{{output.up}}/f", Place.PATH)).isEqualTo("d/__/f");
        assertThat(fill("{{timestamp}}", Place.PATH)).isEqualTo("2026-03-07T08_09_10.123Z");
        assertThat(fill("http://h/{{output.name}}?q={{output.quote}}", Place.URL))
                .isEqualTo("http://h/a%2Fb?q=say%20%22hi%22");
        assertThat(fill(
                        "{\"q\":\"{{output.quote}}\",\"n\":{{output.nested}},\"raw\":\"{{{output.name}}}\"}",
                        Place.JSON_BODY))
                .isEqualTo("{\"q\":\"say \\\"hi\\\"\",\"n\":{\"deep\":\"x&y\"},\"raw\":\"a/b\"}");
        assertThat(fill("<a>{{output.nested.deep}}</a>", Place.XML_BODY)).isEqualTo("<a>x&amp;y</a>");
        assertThat(fill("[{{output.line}}]", Place.PREFIX)).isEqualTo("[a b]");
        assertThatThrownBy(() -> fill("{{output.line}}", Place.HEADER)).hasMessageContaining("control character");
        assertThatThrownBy(() -> fill("{{output.nested}}", Place.PATH)).hasMessageContaining("single value");
        assertThatThrownBy(() -> fill("{{this}}", Place.TEXT_BODY)).hasMessageContaining("all variables");
    }

    @Test
    void fillWhenLoopsMultiplyIsCut() {
        String items = "[" + "0,".repeat(999) + "0]";
        String empty = "{{#each output}}{{#each ../output}}{{#each ../../output}}{{/each}}{{/each}}{{/each}}";

        assertThatThrownBy(() -> Templates.fill(empty, Place.TEXT_BODY, Deliveries.model(items), 1000))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("steps");
        assertThatThrownBy(() -> Templates.fill(
                        "{{#each output}}{{this}}{{/each}}", Place.TEXT_BODY, Deliveries.model(items), 500))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("500 characters");
    }

    @Test
    void checkWhenNestedTooDeepIsRefusedWithoutParsing() {
        String deep = "{{#if output}}".repeat(2000);
        String parens = "{{lookup " + "(lookup ".repeat(3000);

        assertThatThrownBy(() -> Templates.check(deep, Place.JSON_BODY)).hasMessageContaining("nested");
        assertThatThrownBy(() -> Templates.check(parens, Place.JSON_BODY)).hasMessageContaining("nested");
        assertThatThrownBy(() -> Templates.check("{{a}}".repeat(20_000), Place.JSON_BODY))
                .hasMessageContaining("longer");
    }

    @Test
    void checkWhenNameIsMistypedNamesTheNearest() {
        assertThatThrownBy(() -> Templates.check("{{job_idd}}", Place.PATH))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("did you mean 'job_id'");
        assertThatCode(() -> Templates.check("{{#each output.items}}{{anything}}{{/each}}{{schedule_id}}", Place.PATH))
                .doesNotThrowAnyException();
    }

    /** Whatever a task returns, a value stays within the name it is part of. */
    @Test
    void fillWhenValuesAreHostilePathKeepsItsShape() throws TemplateException {
        Random random = new Random(42);
        String alphabet = "./\\:\u0000\n%2eFaz~* ";
        for (int i = 0; i < 2000; i++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            TemplateModel model = Deliveries.model(dev.ratchet.execution.recording.Json.quote(value.toString()));

            String path = Templates.fill("a/{{output}}/b.json", Place.PATH, model, 1000);
            String url = Templates.fill("http://h.example/{{output}}/b", Place.URL, model, 1000);

            assertThat(path.split("/", -1)).as(path).hasSize(3).doesNotContain("..", ".");
            assertThat(url.split("/", -1)).as(url).hasSize(5);
            assertThat(url).doesNotContain("?", "#", "\\", " ");
        }
    }

    private static String fill(String template, Place place) throws TemplateException {
        return Templates.fill(template, place, Deliveries.model(OUTPUT), 100_000);
    }
}
