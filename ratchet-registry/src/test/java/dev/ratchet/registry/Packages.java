package dev.ratchet.registry;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.TaskPackage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Packages to write down and read back. */
final class Packages {
    static final TaskPackageLoader LOADER = new TaskPackageLoader(new AcceptingSchemas());

    private Packages() {}

    /** Declares every key, in units and order that are not the normal form. */
    static TaskPackage everything() {
        return load(Map.of(
                "metadata.json",
                """
                {"label":"Demo","version":"1.2.3-rc.1+b2","uuid":"0198c5a2-7d1e-7c3a-9b52-4f8e2a6d1c90",
                 "description":"Shows — \\"all\\".","tags":["b","a"],"author":"Me","license":"MIT","name":"demo",
                 "team":{"size":1.50,"lead":null},
                 "limits":{"wallTime":1.5,"memory":"64MiB","fetches":3},
                 "permissions":{"net":["b.example",{"host":"A.example","methods":["post","GET"]}]},
                 "secrets":[],
                 "retry":{"maxRetries":5,"backoff":"fixed","initialDelay":"250ms","maxDelay":"PT1M","jitter":false},
                 "cache":{"ttl":"1500ms","onlySuccess":false},"httpCache":false,
                 "compat":"ratchet-0.4","entrypoint":"lib/start.js",
                 "test_cases":[{"input":{"n":1.10},"expected_output":null}]}
                """,
                "lib/start.js",
                "(input) => '\\u2028 \uD83D\uDE00';\r\n",
                "main.js",
                "1",
                "lib/table.json",
                "[1,\t2]",
                "input.schema.json",
                " {\"maximum\": 1.0e2,\n \"type\":\"object\"}",
                "output.schema.json",
                "true",
                "tests/one.json",
                "{ \"input\": {},  \"expected_output\": 1}"));
    }

    /** Declares nothing. */
    static TaskPackage nothing() {
        return load(
                Map.of("metadata.json", "{\"name\":\"demo\",\"version\":\"1.0.0\"}", "main.mjs", "export default 1;"));
    }

    static TaskPackage load(Map<String, String> files) {
        return loaded(LOADER.load(contents(files), "demo"));
    }

    static Map<String, byte[]> contents(Map<String, String> files) {
        Map<String, byte[]> contents = new HashMap<>();
        files.forEach((path, text) -> contents.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return contents;
    }

    static TaskPackage loaded(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> _) -> task;
            case LoadResult.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
        };
    }

    static List<Problem> rejected(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> _) -> throw new AssertionError(task.toString());
            case LoadResult.Rejected(List<Problem> problems) -> problems;
        };
    }
}
