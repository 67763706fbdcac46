package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** One run in a GraalJS context of its own. */
final class GraalRun implements ScriptRun {
    private static final String FORMS = "no function to call: accepted are a global `function main(input, context)` or"
            + " `const main = …`, `export default`, `export function main`, `module.exports = fn` or `{ main }`,"
            + " or a function as the whole file";

    private static final Message.Ending STACK_EXHAUSTED = new Message.Ending.StackExhausted(false);

    /** How the engine words it; it has no other sign for which resource gave out. */
    private static final String STACK_OVERFLOW = "Stack overflow";

    private static final Pattern BAD_URL =
            Pattern.compile("Illegal character in \\w+(?: \\w+)? at index (\\d+): (data:.*)", Pattern.DOTALL);

    private static final String JSON_IMPORT = "a JSON file is imported without its type:"
            + " write `import data from './file.json' with { type: 'json' }`";

    private final GraalScript script;
    private final FreshContext fresh;
    private final Source mainSource;
    private final RunHost host;
    private final LongSupplier nanoTime;
    private final Context context;
    private volatile boolean stopped;
    private boolean loading;
    private @Nullable EventLoop loop;
    private long outputBytes = Long.MAX_VALUE;
    private @Nullable Value namespace;
    private Message.@Nullable Ending ending;

    GraalRun(GraalScript script, FreshContext fresh, Source mainSource, RunHost host, LongSupplier nanoTime) {
        this.script = script;
        this.fresh = fresh;
        this.mainSource = mainSource;
        this.host = host;
        this.nanoTime = nanoTime;
        this.context = fresh.context();
    }

    @Override
    public RunEnd execute(Message.Execute request) {
        outputBytes = request.outputBytes();
        EventLoop events = new EventLoop(request, host, nanoTime, fresh::summary);
        Message.Ending how = guarded(() -> {
            Value main = entry(request.secrets(), events);
            if (main != null) {
                call(main, request, events);
            }
        });
        return new RunEnd(how, events.droppedLogBytes(), events.trace());
    }

    @Override
    public List<Message.Fault> inspect(long startTicks) {
        Message.Execute request = new Message.Execute(
                0,
                "",
                "null",
                new Message.Context("", "", "", "", null, 1),
                "",
                new Message.Clock.Virtual(startTicks),
                Map.of(),
                Long.MAX_VALUE,
                0,
                false);
        EventLoop events = new EventLoop(request, new InspectionHost(host), nanoTime, fresh::summary);
        Message.Ending how = guarded(() -> {
            List<Message.Fault> others = script.faultsInOtherFiles(context);
            if (!others.isEmpty()) {
                ending = new Message.Ending.BadCode(others);
            } else if (entry(Map.of(), events) != null) {
                ending = new Message.Ending.Returned("null");
            }
        });
        return switch (how) {
            case Message.Ending.Returned _ -> List.of();
            case Message.Ending.BadCode bad -> bad.faults();
            case Message.Ending.Threw threw ->
                fault("the file's top level threw " + threw.type() + ": " + threw.message(), firstPlace(threw.stack()));
            case Message.Ending.NoJson no -> fault(no.message(), "");
            case Message.Ending.TooLarge _ -> fault("the file's top level returned too much", "");
            case Message.Ending.StackExhausted _ -> fault("the file's code nests or recurses too deep", "");
            case Message.Ending.HeapExhausted _ ->
                fault("the file's top level needs more memory than the task may use", "");
            case Message.Ending.Stopped _ -> fault("the file's top level did not end in time", "");
        };
    }

    private List<Message.Fault> fault(String message, String position) {
        return List.of(new Message.Fault(script.files().entry(), position, message));
    }

    /** {@code line:column} of the first frame in the entry file. */
    private String firstPlace(String stack) {
        String start = script.files().entry() + ":";
        for (String line : stack.split("\n", -1)) {
            int at = line.indexOf(start);
            if (at >= 0 && line.startsWith("at ")) {
                String place = line.substring(at + start.length());
                return place.endsWith(")") ? place.substring(0, place.length() - 1) : place;
            }
        }
        return "";
    }

    @Override
    public void terminate() {
        stopped = true;
        context.close(true);
    }

    private Message.Ending guarded(Runnable work) {
        try {
            try {
                work.run();
            } catch (PolyglotException e) {
                failed(e);
            }
        } catch (RunStopped e) {
            ending = new Message.Ending.Stopped();
        } catch (PolyglotException e) {
            // Describing what was thrown failed in turn: cancelled or out of heap meanwhile.
            if (!endedByForce(e)) {
                throw new EngineFailure("the engine failed on what a task threw", e);
            }
        } catch (OutOfMemoryError e) {
            ending = exhausted();
        } catch (StackOverflowError e) {
            ending = STACK_EXHAUSTED;
        } catch (IllegalStateException e) {
            // What a closed context answers with.
            if (!stopped) {
                throw e;
            }
            ending = new Message.Ending.Stopped();
        } finally {
            close();
        }
        if (stopped || ending == null) {
            return new Message.Ending.Stopped();
        }
        return ending;
    }

    private void close() {
        try {
            fresh.close();
        } catch (PolyglotException e) {
            if (!e.isCancelled()) {
                throw new EngineFailure("the engine failed to close a context", e);
            }
        }
    }

    private static Message.Ending exhausted() {
        Runtime runtime = Runtime.getRuntime();
        return new Message.Ending.HeapExhausted(runtime.totalMemory() - runtime.freeMemory());
    }

    private boolean endedByForce(PolyglotException e) {
        if (e.isCancelled() || e.isInterrupted()) {
            ending = new Message.Ending.Stopped();
            return true;
        }
        String message = String.valueOf(e.getMessage());
        if (e.isResourceExhausted()) {
            ending = message.contains(STACK_OVERFLOW) ? STACK_EXHAUSTED : exhausted();
            return true;
        }
        if (e.isInternalError() && message.startsWith(StackOverflowError.class.getName())) {
            ending = STACK_EXHAUSTED;
            return true;
        }
        // A task recursed so deep that a class could not be initialised. That makes the class unusable for good, and
        // the
        // failure comes whenever it is next used.
        if (e.isInternalError() && message.startsWith(NoClassDefFoundError.class.getName())) {
            ending = new Message.Ending.StackExhausted(true);
            return true;
        }
        return false;
    }

    private void failed(PolyglotException e) {
        if (endedByForce(e)) {
            return;
        }
        if (e.isHostException()) {
            if (e.asHostException() instanceof RunStopped stop) {
                throw stop;
            }
            hostError(e);
            return;
        }
        if (e.isInternalError() || e.isExit()) {
            throw new EngineFailure("the engine failed", e);
        }
        if (loading && codeFault(e)) {
            return;
        }
        Value thrown = e.getGuestObject();
        if (thrown == null) {
            ending = new Message.Ending.Threw("Error", inWords(String.valueOf(e.getMessage())), "", null);
        } else {
            fresh.fail(thrown);
        }
    }

    /** Whether the stack or the heap gave out while a host function ran, which reaches the task as a foreign object. */
    private boolean hostError(PolyglotException e) {
        if (!e.isHostException()) {
            return false;
        }
        Throwable cause = e.asHostException();
        if (cause instanceof OutOfMemoryError) {
            end(exhausted());
        } else if (cause instanceof StackOverflowError) {
            end(STACK_EXHAUSTED);
        } else {
            throw new EngineFailure("a host function failed", cause);
        }
        return true;
    }

    /** Whether the package itself is at fault: a syntax error, or an import that leads nowhere. */
    private boolean codeFault(PolyglotException e) {
        Message.Fault fault = script.syntaxFault(e);
        if (fault == null) {
            String refusal = fresh.refusal();
            String message = e.getMessage();
            if (message != null && message.endsWith("Invalid module type was asserted")) {
                fault = new Message.Fault(script.files().entry(), "", JSON_IMPORT);
            } else if (refusal != null && message != null && message.endsWith(refusal)) {
                fault = new Message.Fault(script.files().entry(), "", refusal);
            } else {
                return false;
            }
        }
        ending = new Message.Ending.BadCode(List.of(fault));
        return true;
    }

    // ---- the stages of a run; each ends early by setting the ending

    /** Evaluates the code and finds its function, null when there is none. */
    private @Nullable Value entry(Map<String, String> secrets, EventLoop events) {
        loading = true;
        loop = events;
        fresh.bind(events, script.files(), this::report);
        String entryPath = script.files().entry();
        fresh.begin(secrets.isEmpty() ? null : JsonObject.of(secrets), script.usesCommonJs() ? entryPath : null);
        GraalScript.Reading reading = script.reading(context);
        Value main =
                switch (reading) {
                    case MODULE -> moduleEntry(events);
                    case SCRIPT, EXPRESSION -> scriptEntry(reading);
                };
        if (main == null && ending == null) {
            ending = new Message.Ending.BadCode(List.of(new Message.Fault(entryPath, "", FORMS)));
        }
        loading = false;
        return ending == null ? main : null;
    }

    private @Nullable Value scriptEntry(GraalScript.Reading reading) {
        Value completion = context.eval(script.source(reading));
        if (script.usesCommonJs()) {
            Value exported = fresh.exported();
            if (exported.canExecute()) {
                return exported;
            }
        }
        Value main = context.eval(mainSource);
        if (main.canExecute()) {
            return main;
        }
        return completion.canExecute() ? completion : null;
    }

    private @Nullable Value moduleEntry(EventLoop events) {
        if (script.mayAwait()) {
            fresh.load(script.modulePath());
            while (namespace == null && ending == null) {
                if (!events.turn(fresh.realm())) {
                    ending = new Message.Ending.NoJson("the file's top level awaits a promise that can never settle:"
                            + " no timer or fetch is pending");
                }
            }
        } else {
            namespace = context.eval(script.source(GraalScript.Reading.MODULE));
        }
        if (namespace == null || ending != null) {
            return null;
        }
        Value main = fresh.functionIn(namespace);
        if (!main.canExecute() && script.usesCommonJs()) {
            main = fresh.exported();
        }
        return main.canExecute() ? main : null;
    }

    private void call(Value main, Message.Execute request, EventLoop events) {
        Message.Context names = request.context();
        Value taskContext = fresh.realm()
                .taskContext(new TaskFacts(
                        names.executionId(),
                        names.taskId(),
                        names.taskName(),
                        names.taskVersion(),
                        names.jobId(),
                        names.attempt()));
        fresh.run(main, request.input(), taskContext);
        while (ending == null) {
            if (stopped) {
                throw new RunStopped();
            }
            if (!events.turn(fresh.realm()) && ending == null) {
                ending = new Message.Ending.NoJson(
                        "the task returned a promise that can never settle: no timer or fetch is pending");
            }
        }
    }

    // ---- what entry.js reports

    private @Nullable Object report(Value... arguments) {
        switch (arguments[0].asString()) {
            case "returned" -> returned(arguments[1].asString());
            case "nojson" -> end(new Message.Ending.NoJson(arguments[1].asString()));
            case "threw" -> threw(arguments);
            case "loaded" -> namespace = arguments[1];
            case "unhandled" -> {
                if (ending == null && loop != null) {
                    loop.log("warn", "unhandled rejection: " + arguments[1].asString());
                }
            }
            case "resolve" -> {
                return resolve(arguments[1].asString(), arguments[2].asString());
            }
            case "compile" -> {
                return context.eval(script.commonJs(arguments[1].asString()));
            }
            case "text" -> {
                return script.files().text(arguments[1].asString());
            }
            default -> throw new IllegalStateException("entry.js reports an unknown " + arguments[0]);
        }
        return null;
    }

    /** The first ending counts: what a task does after its promise settled is of no interest. */
    private void end(Message.Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    private void returned(String json) {
        // No text has fewer bytes than chars, so most of what is too large is found without counting.
        long bytes = json.length() > outputBytes ? json.length() : Utf8.length(json);
        end(bytes > outputBytes ? new Message.Ending.TooLarge(bytes) : new Message.Ending.Returned(json));
    }

    private void threw(Value... arguments) {
        Value error = arguments[5];
        if (error.isException()) {
            try {
                throw error.throwException();
            } catch (PolyglotException e) {
                if ((loading && codeFault(e)) || hostError(e)) {
                    return;
                }
            }
        }
        end(new Message.Ending.Threw(
                arguments[1].asString(),
                inWords(arguments[2].asString()),
                StackText.ofTask(arguments[3].asString(), script),
                arguments[4].isNull() ? null : arguments[4].asString()));
    }

    /** The engine passes on what Java says of the URL of an import. */
    private static String inWords(String message) {
        Matcher fault = BAD_URL.matcher(message);
        return fault.matches()
                ? "cannot import '" + fault.group(2) + "': it is no URL, from character " + fault.group(1)
                        + " on; in a URL, spaces and the like are percent-encoded"
                : message;
    }

    /** {@code !reason}, or {@code j} for JSON and {@code c} for code, followed by the path. */
    private String resolve(String from, String specifier) {
        String path = script.files().resolve(from, specifier);
        if (path == null) {
            return "!" + PackageFiles.refusal("require", specifier, from);
        }
        if (path.endsWith(".mjs")) {
            return "!cannot require '" + specifier + "' from " + from + ": it is an ES module, use import";
        }
        return (path.endsWith(".json") ? "j" : "c") + path;
    }
}
