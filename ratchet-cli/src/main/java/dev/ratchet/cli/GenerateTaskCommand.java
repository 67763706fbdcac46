package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.registry.PackageScaffold;
import dev.ratchet.registry.TaskTemplate;
import dev.ratchet.registry.TaskTemplates;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a task from a template. */
@Command(
        name = "task",
        description = "Generates a task with code, schemas and tests.",
        footer = {
            "",
            "Examples:",
            "  ratchet generate task --path my-task --label 'My task' --description 'Says hello'",
            "  ratchet generate task --path nightly --template scheduled_job --param job_name=nightly",
            "  ratchet generate task --list-templates",
            "",
            "Exit codes: 0 done, 2 usage or an existing folder, 4 infrastructure."
        })
final class GenerateTaskCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    // No standard mixin: its --version is taken by the version of the new task.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it, not at it
    private boolean help;

    @Option(
            names = "--path",
            paramLabel = "DIR",
            description = "Where to write it (default: a folder named as the task).")
    private @Nullable Path path;

    @Option(names = "--label", paramLabel = "TEXT", description = "Name of the task (default: name of the folder).")
    private String label = "";

    @Option(names = "--description", paramLabel = "TEXT", description = "What it does (default: of the template).")
    private String description = "";

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            defaultValue = "1.0.0",
            description = "Semantic version of the task; default: ${DEFAULT-VALUE}.")
    private String version = "1.0.0";

    @Option(
            names = "--template",
            paramLabel = "NAME",
            defaultValue = TaskTemplates.DEFAULT,
            description = "What to start from; default: ${DEFAULT-VALUE}. --list-templates shows them.")
    private String template = TaskTemplates.DEFAULT;

    @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the template; repeatable.")
    private Map<String, String> parameters = Map.of();

    @Option(names = "--list-templates", description = "Lists the templates and their parameters.")
    private boolean listTemplates;

    GenerateTaskCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        TaskTemplates templates = new TaskTemplates();
        if (listTemplates) {
            templates.list().forEach(this::show);
            return ExitCode.OK;
        }
        Path folder = path;
        if (folder == null) {
            if (label.isBlank()) {
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST,
                        "generate task needs --path DIR or --label TEXT (see 'ratchet generate task --help')");
            }
            folder = Path.of(label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-"));
        }
        UuidV7 ids = new UuidV7(environment.clock(), new SecureRandom());
        var written = new PackageScaffold(templates, ids::next, environment.clock())
                .generate(folder, new PackageScaffold.NewTask(template, label, description, version, parameters));
        for (String file : written) {
            environment.out().println(folder.resolve(file));
        }
        environment.say("next: ratchet test --from-fs " + folder);
        return ExitCode.OK;
    }

    private void show(TaskTemplate entry) {
        environment.out().println(entry.name() + ": " + entry.description());
        for (TaskTemplate.Parameter parameter : entry.parameters()) {
            environment
                    .out()
                    .println("    --param " + parameter.name() + "=…  " + parameter.description()
                            + (parameter.required() ? " (required)" : " (default: " + parameter.defaultValue() + ")"));
        }
    }
}
