/*
 * Stands in for `vllm serve`: same command line, log, endpoints and processes, none of the computing.
 * What a test wants it to do wrong comes as `--fake-…` engine arguments.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

/** What it says of itself, to `--version` and at /version. */
const VERSION = process.env.FAKE_VLLM_VERSION ?? "0.32.0";
if (process.argv[2] === "--version") {
  console.log(VERSION);
  process.exit(0);
}

const text = { type: "string" } as const;
const bare = { type: "boolean", default: false } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: text,
    port: text,
    "max-model-len": text,
    "fake-log": text,
    "fake-kv-tokens": text,
    "fake-exit": text,
    "fake-ready-after": text,
    "fake-health": text,
    "fake-die-slowly": text,
    "fake-last-words": text,
    "fake-kill": bare,
    "fake-api-key": bare,
    "fake-die-when-asked": bare,
    "fake-ignore-term": bare,
    "fake-stubborn-worker": bare,
  },
});
const [command, model] = positionals;
if (command !== "serve") throw new Error(`expected: serve MODEL, got: ${positionals.join(" ")}`);

const ANSWERS: Record<string, unknown> = {
  "/v1/models": {
    object: "list",
    data: [{ id: model, object: "model", max_model_len: Number(values["max-model-len"] ?? 4096) }],
  },
  "/version": { version: VERSION },
};

let dying = false;

/** As when the engine core of vLLM has died: every answer is an error, and the server ends a while later. */
function die(response: ServerResponse): void {
  dying = true;
  response.writeHead(500).end();
  setTimeout(() => process.exit(1), Number(values["fake-die-slowly"]));
}

/** In the middle of its first request: with the last words of a file, or without any by SIGKILL. */
function dieWorking(): void {
  if (values["fake-kill"]) process.kill(process.pid, "SIGKILL");
  if (values["fake-last-words"] === undefined) return;
  process.stderr.write(readFileSync(values["fake-last-words"], "utf8"));
  process.exit(1);
}

/** 200 without a body, as vLLM's; `silent` never answers, any other status comes with a body that claims health. */
function answerHealth(response: ServerResponse): void {
  const health = dying ? "503" : (values["fake-health"] ?? "200");
  if (health === "silent") return;
  response.writeHead(Number(health)).end(health === "200" ? "" : '{"status":"healthy"}');
}

console.log(`environment ${JSON.stringify({ NO_PROXY: process.env.NO_PROXY, no_proxy: process.env.no_proxy })}`);
if (values["fake-log"] !== undefined) process.stderr.write(readFileSync(values["fake-log"], "utf8"));
const context = Number(values["max-model-len"] ?? 131_072);
const room = Number(values["fake-kv-tokens"] ?? Number.POSITIVE_INFINITY);
if (context > room) {
  console.error(
    `ValueError: To serve at least one request with the models's max seq len (${context}), (16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB). Based on the available memory, the estimated maximum model length is ${room}.`,
  );
  process.exit(1);
}
if (values["fake-ignore-term"]) process.on("SIGTERM", () => console.log("not stopping"));
if (values["fake-stubborn-worker"]) {
  spawn("sh", ["-c", 'trap "" TERM; echo worker ready; while :; do sleep 1; done'], { stdio: "inherit" });
}
if (values["fake-exit"] === "killed") process.kill(process.pid, "SIGKILL");
if (values["fake-exit"] !== undefined) process.exit(Number(values["fake-exit"]));
await sleep(Number(values["fake-ready-after"] ?? 0));

createServer((request, response) => {
  if (request.url === "/health") return answerHealth(response);
  if (request.url === "/die") return die(response);
  if (request.method === "POST") dieWorking();
  if (values["fake-die-when-asked"]) process.kill(process.pid, "SIGKILL");
  if (values["fake-api-key"]) return response.writeHead(401).end("{}");
  const answer = ANSWERS[request.url ?? ""];
  response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { detail: "Not Found" }));
}).listen(Number(values.port), values.host);
