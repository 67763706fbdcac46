package dev.ratchet.cli;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.SchemaCompiler.Compilation.Compiled;
import dev.ratchet.core.task.SchemaCompiler.CompiledSchema;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.JsonDiff;
import dev.ratchet.execution.testing.TestCase;
import dev.ratchet.execution.testing.TestCases;
import dev.ratchet.registry.LoadResult;
import dev.ratchet.registry.PackageScaffold;
import dev.ratchet.registry.TaskPackageLoader;
import dev.ratchet.registry.TaskTemplates;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a task package: its files, its schemas, its code in a worker, and its tests against its schemas. */
@Command(
        name = "validate",
        description = "Checks a task package and reports every problem at once.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet validate --from-fs my-task",
            "  ratchet validate --from-fs my-task --fix",
            "",
            "Exit codes: 0 valid (warnings are possible), 2 not valid or usage, 4 infrastructure."
        })
final class ValidateCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(
            names = "--from-fs",
            paramLabel = "PATH",
            required = true,
            description = "The task: a folder or a ZIP archive.")
    private Path from = Path.of(".");

    @Option(names = "--fix", description = "Writes the files that are missing, and never changes one that is there.")
    private boolean fix;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; default: ${DEFAULT-VALUE}.")
    private ReportFormat format = ReportFormat.TEXT;

    ValidateCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        if (fix) {
            scaffold().complete(from).forEach(file -> environment.say("wrote " + from.resolve(file)));
        }
        Cancellation cancellation = new Cancellation();
        try (Interruption _ = new Interruption(cancellation::cancel);
                LocalRuntime runtime = LocalRuntime.open(environment, globals, 1)) {
            runtime.warmUp();
            return switch (new TaskPackageLoader(runtime.schemas()).load(from)) {
                case LoadResult.Rejected(List<Problem> problems) -> show(Optional.empty(), problems, List.of());
                case LoadResult.Loaded(TaskPackage task, List<Problem> warnings) -> {
                    List<Problem> problems = new ArrayList<>(inspect(runtime, task, cancellation));
                    problems.addAll(checkTests(runtime.schemas(), task));
                    yield show(Optional.of(task), problems, warnings);
                }
            };
        } catch (CancellationException e) {
            environment.say("cancelled: interrupted");
            return ExitCode.CANCELLED;
        }
    }

    private PackageScaffold scaffold() {
        UuidV7 ids = new UuidV7(environment.clock(), new SecureRandom());
        return new PackageScaffold(new TaskTemplates(), ids::next, environment.clock());
    }

    private static List<Problem> inspect(LocalRuntime runtime, TaskPackage task, Cancellation cancellation) {
        CompletableFuture<List<Problem>> inspection = runtime.pool().inspect(task.contentHash(), task.code());
        var _ = cancellation.onCancel(() -> inspection.cancel(true));
        try {
            return inspection.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RatchetException expected) {
                throw expected;
            }
            throw e;
        }
    }

    /** Tests must be readable, their inputs valid unless they are meant to fail, their whole expected outputs too. */
    private static List<Problem> checkTests(SchemaCompiler schemas, TaskPackage task) {
        Optional<CompiledSchema> inputSchema = compiled(schemas, task.inputSchema());
        Optional<CompiledSchema> outputSchema = compiled(schemas, task.outputSchema());
        List<Problem> problems = new ArrayList<>();
        task.tests().forEach((file, text) -> {
            TestCases.Parsed parsed = TestCases.parse(file, text);
            problems.addAll(parsed.problems());
            for (TestCase test : parsed.cases()) {
                if (test.expectation() instanceof TestCase.Expectation.Output output) {
                    inputSchema.ifPresent(schema ->
                            problems.addAll(within(file, test, "input", schema.validate("input", test.input()))));
                    if (output.match() == JsonDiff.Mode.EXACT) {
                        outputSchema.ifPresent(schema -> problems.addAll(
                                within(file, test, "expected_output", schema.validate("output", output.expected()))));
                    }
                }
            }
        });
        return problems;
    }

    private static List<Problem> within(String file, TestCase test, String key, List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(
                        file, "/" + key + problem.position(), problem.message() + " (test '" + test.name() + "')"))
                .toList();
    }

    private static Optional<CompiledSchema> compiled(SchemaCompiler schemas, Optional<JsonText> schema) {
        return schema.map(text -> schemas.compile("schema", text))
                .filter(Compiled.class::isInstance)
                .map(Compiled.class::cast)
                .map(Compiled::schema);
    }

    private int show(Optional<TaskPackage> task, List<Problem> problems, List<Problem> warnings) {
        List<Problem> sorted = problems.stream().sorted().toList();
        switch (format) {
            case TEXT -> {
                Style style = environment.outStyle();
                sorted.forEach(problem ->
                        environment.out().println(style.red("error") + " " + RunDisplay.printable(problem.toString())));
                warnings.forEach(warning -> environment
                        .out()
                        .println(style.yellow("warning") + " " + RunDisplay.printable(warning.toString())));
                environment.out().println(verdict(task, sorted.size()));
            }
            case JSON -> environment.out().println(json(task, sorted, warnings));
        }
        return sorted.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }

    private String verdict(Optional<TaskPackage> task, int problems) {
        if (problems > 0) {
            return from + " is not valid: " + problems + (problems == 1 ? " problem" : " problems");
        }
        return task.map(valid ->
                        valid.metadata().name() + " " + valid.metadata().version() + " is valid; content "
                                + valid.contentHash().hex())
                .orElseThrow();
    }

    private static String json(Optional<TaskPackage> task, List<Problem> problems, List<Problem> warnings) {
        ObjectNode tree = Json.MAPPER.createObjectNode().put("valid", problems.isEmpty());
        task.ifPresent(loaded -> tree.put("name", loaded.metadata().name())
                .put("version", loaded.metadata().version())
                .put("contentHash", loaded.contentHash().hex()));
        list(tree.putArray("problems"), problems);
        list(tree.putArray("warnings"), warnings);
        return Json.pretty(tree);
    }

    private static void list(ArrayNode array, List<Problem> problems) {
        problems.forEach(problem -> array.addObject()
                .put("source", problem.source())
                .put("position", problem.position())
                .put("message", problem.message()));
    }
}
