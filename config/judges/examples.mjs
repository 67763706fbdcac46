// Runs the tests of the example tasks twice, in Node and by the launcher of Ratchet, and compares: a task is plain
// JavaScript, so both have to give the same output, or both fail. Usage: npm run judge -- REPOSITORY
//
// Tests that need what only Ratchet has (mocked fetches, a set clock, a seed, secrets, schemas) are counted as skipped.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { compileFunction, Script } from "node:vm";

const PATIENCE_MS = 60_000;
const MOST_OUTPUT = 20 * 1024 * 1024;

if (Number(process.versions.node.split(".")[0]) < 22) {
  console.error(`Node ${process.versions.node} is too old for a judge; 22 or newer is needed`);
  process.exit(2);
}
const repository = path.resolve(process.argv[2] ?? "");
if (process.argv.length !== 3 || !existsSync(path.join(repository, "ratchet"))) {
  console.error("usage: npm run judge -- REPOSITORY (the folder that holds the launcher)");
  process.exit(2);
}

// The errors a task may throw by name.
for (const name of [
  "AuthenticationError", "AuthorizationError", "NetworkError", "ValidationError", "ConfigurationError",
  "RateLimitError", "ServiceUnavailableError", "TimeoutError", "DataError",
]) {
  globalThis[name] = class extends Error {
    name = name;
  };
}
globalThis.HttpError = class extends Error {
  name = "HttpError";
  constructor(status, message) {
    super(message);
    this.status = status;
  }
};

/** The function a package offers, by the same order of precedence as Ratchet's. */
async function entry(folder) {
  const file = ["main.js", "task.js", "main.mjs"].map((name) => path.join(folder, name)).find(existsSync);
  const source = readFileSync(file, "utf8");
  if (file.endsWith(".mjs") || /^\s*(import|export)\b/m.test(source)) {
    const exported = await import(pathToFileURL(file));
    return exported.default ?? exported.main;
  }
  try {
    new Script(source);
  } catch {
    return new Script(`(${source}\n)`).runInThisContext();
  }
  const module = { exports: {} };
  const body = `${source}\n;return typeof main === "function" ? main : undefined;`;
  const globalMain = compileFunction(body, ["module", "exports", "require"], { filename: file })(
    module, module.exports, createRequire(file));
  const exported = typeof module.exports === "function" ? module.exports : module.exports.main;
  return exported ?? globalMain ?? new Script(source).runInThisContext();
}

async function inNode(folder, input) {
  const main = await entry(folder);
  if (typeof main !== "function") {
    throw new TypeError(`${folder} has no callable entry`);
  }
  const context = { signal: new AbortController().signal, log() {}, progress() {} };
  try {
    const output = await main(structuredClone(input), context);
    return { output: JSON.parse(JSON.stringify(output ?? null)) };
  } catch (error) {
    return { failed: String(error) };
  }
}

function inRatchet(folder, input) {
  const run = spawnSync(
    path.join(repository, "ratchet"),
    ["run-once", "--from-fs", folder, "--input-json", JSON.stringify(input), "--format", "json"],
    { encoding: "utf8", timeout: PATIENCE_MS, maxBuffer: MOST_OUTPUT });
  if (run.error !== undefined) {
    throw run.error;
  }
  switch (run.status) {
    case 0:
      return { output: JSON.parse(run.stdout) };
    case 1:
      return { failed: run.stderr.trim() };
    default:
      throw new Error(`ratchet ended with ${run.status ?? run.signal}: ${run.stderr.trim()}`);
  }
}

function same(node, ratchet) {
  return "failed" in node || "failed" in ratchet
    ? "failed" in node && "failed" in ratchet
    : isDeepStrictEqual(node.output, ratchet.output);
}

/** Whether a test expects that its input is refused before the task runs. */
function refusedBySchema(test) {
  const expected = test.expected_error;
  return (expected?.type ?? expected) === "InvalidInput";
}

let passed = 0;
let failed = 0;
let skipped = 0;
// Tasks may write to the console; the judge's lines are the only ones wanted.
const say = console.log.bind(console);
for (const method of ["log", "info", "warn", "error", "debug"]) {
  console[method] = () => {};
}

const examples = path.join(repository, "examples", "tasks");
for (const task of readdirSync(examples).sort()) {
  const tests = path.join(examples, task, "tests");
  if (!existsSync(tests)) {
    continue;
  }
  for (const file of readdirSync(tests).filter((name) => name.endsWith(".json")).sort()) {
    const content = JSON.parse(readFileSync(path.join(tests, file), "utf8"));
    for (const test of Array.isArray(content) ? content : [content]) {
      if (["mocks", "clock", "seed", "secrets"].some((key) => key in test) || refusedBySchema(test)) {
        skipped++;
        continue;
      }
      const name = `${task}/${file} > ${test.name}`;
      try {
        const node = await inNode(path.join(examples, task), test.input ?? {});
        const ratchet = inRatchet(path.join(examples, task), test.input ?? {});
        if (same(node, ratchet)) {
          passed++;
          say(`ok ${name}`);
        } else {
          failed++;
          say(`DIFFERENT ${name}\n  node:    ${JSON.stringify(node)}\n  ratchet: ${JSON.stringify(ratchet)}`);
        }
      } catch (error) {
        failed++;
        say(`FAILED ${name}: ${error.message}`);
      }
    }
  }
}
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (passed + failed === 0) {
  say(`there is nothing to compare in ${examples}`);
}
process.exit(failed === 0 && passed > 0 ? 0 : 1);
