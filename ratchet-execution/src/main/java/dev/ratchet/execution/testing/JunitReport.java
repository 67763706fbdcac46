package dev.ratchet.execution.testing;

import dev.ratchet.core.execution.LogLine;
import dev.ratchet.execution.testing.TestResult.Status;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A test report in the XML that JUnit's Ant task made common and Jenkins describes: one suite for each test file. */
final class JunitReport {
    private JunitReport() {}

    static String render(TestReport report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuites");
            counts(xml, report.taskName() + " " + report.taskVersion(), report.results(), report.duration());
            for (Map.Entry<String, List<TestResult>> file : byFile(report).entrySet()) {
                suite(xml, report.taskName(), file.getKey(), file.getValue());
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML into memory failed", e);
        }
        return text.append('\n').toString();
    }

    private static Map<String, List<TestResult>> byFile(TestReport report) {
        Map<String, List<TestResult>> files = new LinkedHashMap<>();
        report.results().forEach(result -> files.computeIfAbsent(result.file(), _ -> new ArrayList<>())
                .add(result));
        return files;
    }

    private static void suite(XMLStreamWriter xml, String task, String file, List<TestResult> results)
            throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        Duration total = results.stream().map(TestResult::duration).reduce(Duration.ZERO, Duration::plus);
        counts(xml, file, results, total);
        for (TestResult result : results) {
            xml.writeCharacters("\n    ");
            xml.writeStartElement("testcase");
            xml.writeAttribute("name", legal(result.name()));
            xml.writeAttribute("classname", legal(task + "." + file));
            xml.writeAttribute("time", seconds(result.duration()));
            switch (result.status()) {
                case PASSED -> {}
                case FAILED -> failure(xml, "failure", result);
                case ERROR -> failure(xml, "error", result);
            }
            console(xml, result.console());
            xml.writeEndElement();
        }
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    private static void counts(XMLStreamWriter xml, String name, List<TestResult> results, Duration duration)
            throws XMLStreamException {
        xml.writeAttribute("name", legal(name));
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", count(results, Status.FAILED));
        xml.writeAttribute("errors", count(results, Status.ERROR));
        xml.writeAttribute("time", seconds(duration));
    }

    private static String count(List<TestResult> results, Status status) {
        return Long.toString(
                results.stream().filter(result -> result.status() == status).count());
    }

    private static void failure(XMLStreamWriter xml, String element, TestResult result) throws XMLStreamException {
        String text = String.join("\n", result.failure());
        xml.writeStartElement(element);
        xml.writeAttribute("message", legal(text.lines().findFirst().orElse("")));
        xml.writeAttribute("type", element);
        xml.writeCharacters(legal(text));
        xml.writeEndElement();
    }

    private static void console(XMLStreamWriter xml, List<LogLine> lines) throws XMLStreamException {
        if (lines.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.level().name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(line.message())
                .append('\n'));
        xml.writeStartElement("system-out");
        xml.writeCharacters(legal(text.toString()));
        xml.writeEndElement();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    /** XML 1.0 has no way to write most control characters and halves of surrogate pairs. */
    private static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean allowed = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || (c >= 0x20 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD)
                    || c >= 0x10000;
            legal.appendCodePoint(allowed ? c : 0xFFFD);
        });
        return legal.toString();
    }
}
