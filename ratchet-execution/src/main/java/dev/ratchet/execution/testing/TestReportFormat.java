package dev.ratchet.execution.testing;

/** The forms a test report can be written in. */
public enum TestReportFormat {
    /** For people. */
    LIST,
    /** One JSON object. */
    JSON,
    /** XML as JUnit and Jenkins write and read it. */
    JUNIT,
    /** Test Anything Protocol, version 14. */
    TAP;

    /**
     * The whole report, with a line feed at the end.
     *
     * @param colour whether {@link #LIST} may use ANSI escapes; the others never do
     */
    public String render(TestReport report, boolean colour) {
        return switch (this) {
            case LIST -> ListReport.render(report, colour);
            case JSON -> JsonReport.render(report);
            case JUNIT -> JunitReport.render(report);
            case TAP -> TapReport.render(report);
        };
    }
}
