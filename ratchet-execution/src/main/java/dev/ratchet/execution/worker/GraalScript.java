package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;

/**
 * A package's code as sources of the engine, which keeps what they compile to as long as they live. How the entry file
 * is to be read is found out by parsing it, once.
 */
final class GraalScript implements Script {
    private static final String MODULE_TYPE = "application/javascript+module";
    private static final String COMMON_JS_START = "(function (exports, require, module) {";
    private static final Pattern COMMON_JS_WORDS = Pattern.compile("\\b(?:module|exports|require)\\b");
    private static final Pattern MODULE_SYNTAX =
            Pattern.compile("^\\s*(?:import\\s*[\\w{*'\"]|export\\b)", Pattern.MULTILINE);
    private static final Pattern EXPRESSION_SYNTAX = Pattern.compile("^(?:async\\s+)?function\\s*\\*?\\s*\\(");
    private static final Pattern TOP_LEVEL_AWAIT = Pattern.compile("\\bawait\\b");
    private static final Pattern ENGINE_PREFIX = Pattern.compile("^SyntaxError: (?:[^\\s:]+:\\d+:\\d+ )?");

    /** How an entry file is read. */
    enum Reading {
        /** A script: global functions, {@code module.exports}, or the value of the last statement. */
        SCRIPT,
        /** The whole file is one expression, a function without a name. */
        EXPRESSION,
        /** An ES module. */
        MODULE
    }

    private final PackageFiles files;
    private final Compatibility compatibility;
    private final boolean commonJs;
    private final boolean awaiting;
    private final Source script;
    private final Source expression;
    private final Source module;
    private final Map<String, Source> commonJsSources = new ConcurrentHashMap<>();
    private volatile @Nullable Reading reading;

    GraalScript(Message.LoadCode code) {
        this.files = new PackageFiles(code.files(), code.entry());
        this.compatibility = code.compat04() ? Compatibility.RATCHET_0_4 : Compatibility.CURRENT;
        this.commonJs = isAnyMatch(COMMON_JS_WORDS);
        this.awaiting = isAnyMatch(TOP_LEVEL_AWAIT);
        String text = entryText();
        this.script = Source.newBuilder("js", text, files.entry()).buildLiteral();
        this.expression =
                Source.newBuilder("js", "(" + text + "\n)", files.entry()).buildLiteral();
        // Under this name other modules of the package find the same instance.
        this.module = Source.newBuilder("js", text, modulePath())
                .mimeType(MODULE_TYPE)
                .buildLiteral();
    }

    private boolean isAnyMatch(Pattern pattern) {
        return files.files().values().stream()
                .anyMatch(text -> pattern.matcher(text).find());
    }

    private String entryText() {
        return files.files().getOrDefault(files.entry(), "");
    }

    PackageFiles files() {
        return files;
    }

    Compatibility compatibility() {
        return compatibility;
    }

    /** Whether any file mentions what only CommonJS has, so that a run has to provide it. */
    boolean usesCommonJs() {
        return commonJs;
    }

    /** Whether the entry module may still be waiting when its evaluation returns. */
    boolean mayAwait() {
        return awaiting;
    }

    String modulePath() {
        return "/" + files.entry();
    }

    Source source(Reading as) {
        return switch (as) {
            case SCRIPT -> script;
            case EXPRESSION -> expression;
            case MODULE -> module;
        };
    }

    /** A file of the package as the function that {@code require} calls. */
    Source commonJs(String path) {
        return commonJsSources.computeIfAbsent(
                path, p -> Source.newBuilder("js", COMMON_JS_START + files.text(p) + "\n})", p)
                        .buildLiteral());
    }

    /**
     * How to read the entry file.
     *
     * @throws PolyglotException of the most plausible reading when the file is none of them
     */
    Reading reading(Context context) {
        Reading known = reading;
        if (known == null) {
            known = findReading(context);
            reading = known;
        }
        return known;
    }

    private Reading findReading(Context context) {
        if (files.entry().endsWith(".mjs")) {
            context.parse(module);
            return Reading.MODULE;
        }
        PolyglotException asScript = syntaxError(context, script);
        if (asScript == null) {
            return Reading.SCRIPT;
        }
        PolyglotException asExpression = syntaxError(context, expression);
        if (asExpression == null) {
            return Reading.EXPRESSION;
        }
        PolyglotException asModule = syntaxError(context, module);
        if (asModule == null) {
            return Reading.MODULE;
        }
        if (MODULE_SYNTAX.matcher(entryText()).find()) {
            throw asModule;
        }
        throw EXPRESSION_SYNTAX.matcher(entryText().stripLeading()).find() ? asExpression : asScript;
    }

    private static @Nullable PolyglotException syntaxError(Context context, Source source) {
        try {
            context.parse(source);
            return null;
        } catch (PolyglotException e) {
            if (!e.isSyntaxError()) {
                throw e;
            }
            return e;
        }
    }

    /** Syntax errors in the files other than the entry. */
    List<Message.Fault> faultsInOtherFiles(Context context) {
        List<Message.Fault> faults = new ArrayList<>();
        for (String path : files.files().keySet()) {
            if (!path.equals(files.entry()) && !path.endsWith(".json")) {
                PolyglotException error = syntaxErrorIn(context, path);
                if (error != null) {
                    faults.add(syntaxFault(error, path));
                }
            }
        }
        return faults;
    }

    private @Nullable PolyglotException syntaxErrorIn(Context context, String path) {
        String text = files.files().getOrDefault(path, "");
        Source asModule =
                Source.newBuilder("js", text, "/" + path).mimeType(MODULE_TYPE).buildLiteral();
        if (path.endsWith(".mjs")) {
            return syntaxError(context, asModule);
        }
        PolyglotException error = syntaxError(context, commonJs(path));
        if (error == null || path.endsWith(".cjs")) {
            return error;
        }
        PolyglotException moduleError = syntaxError(context, asModule);
        if (moduleError == null) {
            return null;
        }
        return MODULE_SYNTAX.matcher(text).find() ? moduleError : error;
    }

    /** The fault a syntax error in a file of the package stands for, null if it is another kind of error. */
    Message.@Nullable Fault syntaxFault(PolyglotException error) {
        SourceSection section = error.getSourceLocation();
        if (!error.isSyntaxError() || section == null) {
            return null;
        }
        String path = section.getSource().getPath();
        String name = path == null ? section.getSource().getName() : path;
        String file = name.startsWith("/") ? name.substring(1) : name;
        return files.text(file) == null ? null : syntaxFault(error, file);
    }

    private Message.Fault syntaxFault(PolyglotException error, String file) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        String firstLine = message.lines().findFirst().orElse("");
        Matcher prefix = ENGINE_PREFIX.matcher(firstLine);
        String reason = prefix.find() ? firstLine.substring(prefix.end()) : firstLine;
        SourceSection section = error.getSourceLocation();
        String position = "";
        if (section != null && section.hasLines()) {
            int line = section.getStartLine();
            List<String> lines = files.files().getOrDefault(file, "").lines().toList();
            if (line > lines.size()) {
                // In what was put around the file to read it as an expression or as a CommonJS module.
                int last = Math.max(1, lines.size());
                int end = lines.isEmpty() ? 1 : lines.getLast().length() + 1;
                return new Message.Fault(file, last + ":" + end, "SyntaxError: unexpected end of file");
            }
            int shift = line == 1 ? shift(file, section.getSource().getCharacters()) : 0;
            position = line + ":" + Math.max(1, section.getStartColumn() - shift);
        }
        return new Message.Fault(file, position, "SyntaxError: " + reason);
    }

    private int shift(String file, CharSequence parsed) {
        String text = files.text(file);
        if (text == null || parsed.length() <= text.length()) {
            return 0;
        }
        return parsed.length() - text.length() - (file.equals(files.entry()) ? "\n)" : "\n})").length();
    }

    /** The column in the task's own file of a place in what the engine was given. */
    int column(String file, int line, int column) {
        if (line != 1) {
            return column;
        }
        if (file.equals(files.entry())) {
            return reading == Reading.EXPRESSION ? Math.max(1, column - 1) : column;
        }
        return commonJsSources.containsKey(file) ? Math.max(1, column - COMMON_JS_START.length()) : column;
    }
}
