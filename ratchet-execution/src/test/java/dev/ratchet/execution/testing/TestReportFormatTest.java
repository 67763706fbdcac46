package dev.ratchet.execution.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.testing.TestResult.Status;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TestReportFormatTest {
    private static final TestReport REPORT = new TestReport(
            "greet",
            "1.2.3",
            List.of(
                    new TestResult(
                            "tests/a.json",
                            "good # \\ one",
                            Status.PASSED,
                            Duration.ofMillis(12),
                            List.of(),
                            List.of(),
                            new Succeeded(new JsonText("{\"a\":1}"))),
                    new TestResult(
                            "tests/a.json",
                            "bad <\u001b[31m>",
                            Status.FAILED,
                            Duration.ofMillis(7),
                            List.of("expected an output, but: Error: x & \"y\"\n    at main (main.js:1:1)"),
                            List.of(new LogLine(LogLine.Level.WARN, 5, "a\u0007b\n]]>")),
                            new TaskFailed("Error", "x & \"y\"", "", null)),
                    new TestResult(
                            "tests/z.json",
                            "tests/z.json",
                            Status.ERROR,
                            Duration.ZERO,
                            List.of("tests/z.json#/nam: unknown key"),
                            List.of(),
                            null)),
            4,
            Duration.ofMillis(1234));

    @Test
    void renderWhenForPeopleListsByFileWithReasons() {
        assertThat(TestReportFormat.LIST.render(REPORT, false)).isEqualTo("""
                        tests/a.json
                          ✓ good # \\ one (12 ms)
                          ✗ bad <\uFFFD[31m> (7 ms)
                              expected an output, but: Error: x & "y"
                                  at main (main.js:1:1)
                              console:
                                warn: a\uFFFDb
                                ]]>
                        tests/z.json
                          ! tests/z.json (0 ms)
                              tests/z.json#/nam: unknown key

                        greet 1.2.3: 1 passed, 1 failed, 1 with errors, 4 not chosen in 1.23 s
                        """);
    }

    @Test
    void renderWhenColouredPaintsMarksOnly() {
        String text = TestReportFormat.LIST.render(REPORT, true);

        assertThat(text).contains("\u001b[32m✓\u001b[0m good", "\u001b[31m✗\u001b[0m bad");
    }

    @Test
    void renderWhenThereIsNothingToShowSaysWhy() {
        assertThat(TestReportFormat.LIST.render(new TestReport("t", "1.0.0", List.of(), 2, Duration.ZERO), false))
                .startsWith("no test matches the filter");
        assertThat(TestReportFormat.LIST.render(new TestReport("t", "1.0.0", List.of(), 0, Duration.ZERO), false))
                .startsWith("no tests");
    }

    @Test
    void renderWhenJsonIsOneObject() {
        var tree = Json.parse("report", TestReportFormat.JSON.render(REPORT, true));

        assertThat(tree.get("total").intValue()).isEqualTo(3);
        assertThat(tree.get("passed").intValue()).isEqualTo(1);
        assertThat(tree.get("allPassed").asBoolean()).isFalse();
        assertThat(Json.write(tree.get("tests").get(0).get("output"))).isEqualTo("{\"a\":1}");
        assertThat(tree.get("tests").get(1).get("error").get("type").stringValue())
                .isEqualTo("Error");
        assertThat(tree.get("tests").get(1).get("console").get(0).get("message").stringValue())
                .isEqualTo("a\u0007b\n]]>");
        assertThat(tree.get("tests").get(2).has("output")).isFalse();
    }

    @Test
    void renderWhenJunitIsWellFormedWithTheUsualElements() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Document document = factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(TestReportFormat.JUNIT.render(REPORT, true))));

        Element root = document.getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("testsuites");
        assertThat(root.getAttribute("tests")).isEqualTo("3");
        assertThat(root.getAttribute("time")).isEqualTo("1.234");
        Element first = (Element) root.getElementsByTagName("testsuite").item(0);
        assertThat(first.getAttribute("name")).isEqualTo("tests/a.json");
        assertThat(first.getAttribute("failures")).isEqualTo("1");
        assertThat(first.getAttribute("errors")).isEqualTo("0");
        Element bad = (Element) root.getElementsByTagName("testcase").item(1);
        assertThat(bad.getAttribute("name")).isEqualTo("bad <\uFFFD[31m>");
        assertThat(bad.getAttribute("classname")).isEqualTo("greet.tests/a.json");
        assertThat(bad.getElementsByTagName("failure").item(0).getTextContent())
                .isEqualTo("expected an output, but: Error: x & \"y\"\n    at main (main.js:1:1)");
        assertThat(bad.getElementsByTagName("system-out").item(0).getTextContent())
                .isEqualTo("warn: a\uFFFDb\n]]>\n");
        assertThat(root.getElementsByTagName("error").getLength()).isEqualTo(1);
    }

    @Test
    void renderWhenTapNumbersAndEscapes() {
        assertThat(TestReportFormat.TAP.render(REPORT, true)).isEqualTo("""
                        TAP version 14
                        1..3
                        ok 1 - tests/a.json > good \\# \\\\ one
                        not ok 2 - tests/a.json > bad <\uFFFD[31m>
                          ---
                          severity: fail
                          duration_ms: 7
                          failure:
                            - "expected an output, but: Error: x & \\"y\\"\\n    at main (main.js:1:1)"
                          console:
                            - "WARN a\\u0007b\\n]]>"
                          ...
                        not ok 3 - tests/z.json
                          ---
                          severity: error
                          duration_ms: 0
                          failure:
                            - "tests/z.json#/nam: unknown key"
                          ...
                        """);
    }
}
