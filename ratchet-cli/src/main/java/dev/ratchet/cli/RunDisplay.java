package dev.ratchet.cli;

import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.LogLine;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a running task shows on standard error: its log lines as they come and, on a terminal and after a second, one line
 * that counts the time and carries the task's progress. Closing removes that line.
 */
final class RunDisplay implements ExecutionListener, AutoCloseable {
    private static final String[] FRAMES = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final long FIRST_MILLIS = 1_000;
    private static final long EVERY_MILLIS = 120;
    /** Narrower than the usual terminal, because only the last row of a wrapped line could be removed again. */
    private static final int MAX_LINE = 78;

    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream err;
    private final Style style;
    private final GlobalOptions.LogLevel level;
    private final String what;
    private final long begun = System.nanoTime();
    private final ScheduledExecutorService ticks;
    private String progress = "";
    private boolean lineShown;
    private boolean closed;
    private int frame;

    RunDisplay(CliEnvironment environment, GlobalOptions.LogLevel level, String what) {
        this.err = environment.err();
        this.style = environment.errStyle();
        this.level = level;
        this.what = what;
        this.ticks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("display").factory());
        if (environment.errTerminal()) {
            var _ = ticks.scheduleAtFixedRate(this::tick, FIRST_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void onLog(LogLine line) {
        if (level.shows(line.level())) {
            clear();
            err.println(label(line.level()) + " " + printable(line.message()));
        }
    }

    @Override
    public synchronized void onProgress(double fraction, String message) {
        progress = String.format(Locale.ROOT, " %d %%", Math.round(fraction * 100))
                + (message.isEmpty() ? "" : " " + printable(message).replaceAll("\\s+", " "));
    }

    @Override
    public synchronized void onAttempt(int attempt, String reason) {
        clear();
        err.println("ratchet: attempt " + attempt + ": " + reason);
    }

    /** Shows this beside the time. */
    synchronized void note(String text) {
        progress = " " + text;
    }

    /** Prints {@code ratchet: message}. */
    synchronized void say(String message) {
        clear();
        err.println("ratchet: " + message);
    }

    /** Removes the line that counts the time; nothing more is shown of it. */
    void finish() {
        ticks.shutdownNow();
        synchronized (this) {
            closed = true;
            clear();
            err.flush();
        }
    }

    @Override
    public void close() {
        finish();
    }

    private synchronized void tick() {
        if (closed) {
            return;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        String line =
                String.format(Locale.ROOT, "%s %s %.1f s%s", FRAMES[frame++ % FRAMES.length], what, seconds, progress);
        err.print(CLEAR_LINE + style.faint(line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line));
        err.flush();
        lineShown = true;
    }

    private void clear() {
        if (lineShown) {
            err.print(CLEAR_LINE);
            lineShown = false;
        }
    }

    private String label(LogLine.Level lineLevel) {
        return switch (lineLevel) {
            case TRACE -> style.faint("trace");
            case DEBUG -> style.faint("debug");
            case INFO -> style.faint("info ");
            case WARN -> style.yellow("warn ");
            case ERROR -> style.red("error");
        };
    }

    /** Whether it is a control character above ASCII's first, or changes the direction of the text around it. */
    static boolean isTreacherous(int c) {
        return (c >= 0x7f && c <= 0x9f)
                || c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /**
     * Text of a task made safe for a terminal: control characters other than tab and line end are shown as {@code \\xNN},
     * so that a task cannot move the cursor or set the window's title, and so are those that change the direction of text.
     */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t' || (c >= ' ' && !isTreacherous(c))) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format("\\x%02x", c));
            }
        });
        return safe.toString();
    }
}
