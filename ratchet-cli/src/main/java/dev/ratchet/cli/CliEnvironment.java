package dev.ratchet.cli;

import dev.ratchet.execution.http.HostResolver;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What a command may use of the process it runs in; tests hand in their own.
 *
 * @param out results
 * @param err everything else
 * @param in standard input
 * @param outTerminal whether {@code out} is a terminal
 * @param errTerminal whether {@code err} is a terminal
 * @param variables environment variables
 * @param home root of the distribution; empty when started from a development class path
 * @param resolver where host names are looked up
 * @param clock the time of day
 */
record CliEnvironment(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean outTerminal,
        boolean errTerminal,
        Map<String, String> variables,
        Optional<Path> home,
        HostResolver resolver,
        InstantSource clock) {

    /**
     * The real process. The start script knows what is a terminal and where the distribution is, and says so by the
     * system properties {@code ratchet.terminal} (any of {@code out,err}) and {@code ratchet.home}.
     */
    static CliEnvironment ofProcess() {
        String terminal = System.getProperty("ratchet.terminal", "");
        return new CliEnvironment(
                System.out,
                System.err,
                System.in,
                terminal.contains("out"),
                terminal.contains("err"),
                System.getenv(),
                Optional.ofNullable(System.getProperty("ratchet.home")).map(Path::of),
                HostResolver.SYSTEM,
                Clock.systemUTC());
    }

    /** Styles for {@code err}: plain unless it is a terminal and nobody set {@code NO_COLOR} (no-color.org). */
    Style errStyle() {
        return new Style(errTerminal && variables.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** Styles for {@code out}. */
    Style outStyle() {
        return new Style(outTerminal && variables.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** Prints {@code ratchet: message} on {@code err}; file names and the like in it cannot control a terminal. */
    void say(String message) {
        err.println("ratchet: " + RunDisplay.printable(message));
    }
}
