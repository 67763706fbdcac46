package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the application: {@code ratchet COMMAND [OPTION...]}. */
@Command(
        name = "ratchet",
        description = "Runs JavaScript tasks in isolated worker processes.",
        mixinStandardHelpOptions = true,
        versionProvider = RatchetCli.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  ratchet run-once --from-fs examples/tasks/hello --input-json '{\"name\": \"Ada\"}'",
            "  ratchet generate task --path my-task --label my-task",
            "  ratchet test --from-fs my-task",
            "",
            "Exit codes: 0 done, 1 the task or a test failed, 2 usage or invalid input, 3 a limit,",
            "4 infrastructure, 130 cancelled.",
            "'ratchet COMMAND --help' tells more."
        })
public final class RatchetCli implements Runnable {
    private static final Pattern ENUMERATION = Pattern.compile("expected one of \\[[A-Z_, ]+] \\(case-insensitive\\)");
    private static final int HELP_WIDTH = 100;

    private final CliEnvironment environment;

    @Mixin
    private final GlobalOptions globals;

    private RatchetCli(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command, its options and arguments
     */
    public static void main(String[] args) {
        CommandLogProvider.select();
        int exitCode = run(CliEnvironment.ofProcess(), args);
        System.exit(exitCode);
    }

    /** Runs one command and returns its exit code; see {@code docs/errors.md}. */
    static int run(CliEnvironment environment, String... args) {
        RatchetCli ratchet = new RatchetCli(environment, new GlobalOptions());
        CommandLine commands = new CommandLine(ratchet);
        commands.addSubcommand(new RunOnceCommand(environment, ratchet.globals))
                .addSubcommand(new TestCommand(environment, ratchet.globals))
                .addSubcommand(new ReplayCommand(environment, ratchet.globals))
                .addSubcommand(new ValidateCommand(environment, ratchet.globals))
                .addSubcommand(
                        new CommandLine(new GenerateCommand()).addSubcommand(new GenerateTaskCommand(environment)))
                .addSubcommand(new ServeCommand(environment, ratchet.globals))
                .addSubcommand(ConfigCommand.line(environment, ratchet.globals))
                .addSubcommand(DbCommand.line(environment, ratchet.globals))
                .addSubcommand(new CompletionCommand(environment, () -> commands))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        environment.outStyle().coloured() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((exception, _) -> misused(environment, exception))
                .setExecutionExceptionHandler((exception, _, _) -> failed(environment, exception, ratchet.globals));
        int exitCode = commands.execute(args);
        // Flushes too; a result that nobody got is no success.
        if (environment.out().checkError() && exitCode == CommandLine.ExitCode.OK) {
            environment.say("not all of the output could be written to standard output");
            exitCode = ExitCode.of(ErrorCode.IO_ERROR);
        }
        environment.err().flush();
        return exitCode;
    }

    @Override
    public void run() {
        environment.out().println("Ratchet runs JavaScript tasks. 'ratchet --help' lists the commands; for a start:");
        environment.out().println("  ratchet generate task --path my-task --label my-task");
    }

    private static int misused(CliEnvironment environment, ParameterException exception) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        // Values are shown as they are typed, in lower case.
        StringBuilder message = new StringBuilder(ENUMERATION
                .matcher(oneLine(String.valueOf(exception.getMessage())))
                .replaceAll(list -> list.group().toLowerCase(Locale.ROOT)));
        if (exception instanceof UnmatchedArgumentException unmatched) {
            var suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                message.append("; did you mean ")
                        .append(String.join(" or ", suggestions.subList(0, Math.min(2, suggestions.size()))));
                message.append('?');
            }
        }
        environment.say(message + " (see '" + command + " --help')");
        return ExitCode.USAGE;
    }

    private static int failed(CliEnvironment environment, Exception exception, GlobalOptions globals) {
        if (exception instanceof RatchetException expected) {
            explain(environment, expected);
            return ExitCode.of(expected.code());
        }
        environment.say("internal error: " + exception.getClass().getSimpleName() + ": "
                + oneLine(String.valueOf(exception.getMessage()))
                + "; this is a defect of Ratchet, please report it with what --log-level debug prints");
        if (globals.logLevel().showsDetails()) {
            exception.printStackTrace(environment.err());
        }
        return ExitCode.of(ErrorCode.INTERNAL_ERROR);
    }

    /** One line, and one more for each single problem. */
    static void explain(CliEnvironment environment, RatchetException expected) {
        environment.say(oneLine(String.valueOf(expected.getMessage())));
        for (Problem problem : expected.problems()) {
            environment.err().println("  " + RunDisplay.printable(problem.toString()));
        }
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    /** The version Maven built, as written beside this class. */
    static String version() {
        Properties version = new Properties();
        try (InputStream file = RatchetCli.class.getResourceAsStream("version.properties")) {
            if (file == null) {
                throw new IllegalStateException("version.properties is missing from the jar of the command line");
            }
            version.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return version.getProperty("version");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {String.format(Locale.ROOT, "ratchet %s (Java %s)", version(), Runtime.version())};
        }
    }
}
