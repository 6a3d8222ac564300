/*
 * Stands in for `vllm serve` where requests must be answered: the simulated engine with vLLM's command line, and with a
 * worker process below it. When that is killed, the server says so and ends a while later, as vLLM's does.
 */
import { spawn } from "node:child_process";

const [verb, model, ...options] = process.argv.slice(2);
if (verb === "--version") {
  console.log("0.32.0");
  process.exit(0);
}
if (verb !== "serve") throw new Error(`expected: serve MODEL, got: ${process.argv.slice(2).join(" ")}`);
const DYING_MS = 300;
/** Options for the driver's engine, which takes the same arguments. */
const OFFLINE_ONLY = /^--fake-/;
const ours = options.filter(
  (option, index) => !OFFLINE_ONLY.test(option) && !OFFLINE_ONLY.test(options[index - 1] ?? ""),
);
spawn("sleep", ["600"], { stdio: "inherit" }).on("exit", () => {
  console.error("ERROR [async_llm.py:783] EngineDeadError: EngineCore encountered an issue. See stack trace (above).");
  setTimeout(() => process.exit(1), DYING_MS);
});
process.argv.splice(2, Number.POSITIVE_INFINITY, "--model", model!, ...ours);
await import("../../src/simulator/main.ts");
