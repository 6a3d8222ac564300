import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { lastWords } from "../../src/engine/log.ts";
import { startPhasesOf } from "../../src/result/metrics/start-phases.ts";
import { JSON_HEADERS } from "../support/json-headers.ts";
import { runSimulator, startSimulator } from "../support/simulator.ts";

const complete = (url: string, body: object, signal?: AbortSignal) =>
  fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: JSON_HEADERS,
    body: JSON.stringify({ prompt: [1, 2, 3], ...body }),
    signal: signal ?? null,
  });

/** Far longer than any test takes: at the preset's speed about 40 s. */
const longStream = { max_tokens: 4000, stream: true };

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split("\n").find((line) => line.startsWith(`vllm:${name}`));
  return Number(line?.split(" ").at(-1));
}

describe("a client that goes away", () => {
  test("takes its request out of the batch", async () => {
    await using engine = await startSimulator("--model", "sim/h100-8b");
    const client = new AbortController();
    const response = await complete(engine.url, longStream, client.signal);
    await response.body?.getReader().read();
    expect(await metric(engine.url, "num_requests_running")).toBe(1);
    client.abort();
    await expect.poll(() => metric(engine.url, "num_requests_running")).toBe(0);
    expect(await metric(engine.url, `request_success_total{engine="0",finished_reason="abort"`)).toBe(1);
  });
});

describe("when told to misbehave", () => {
  test("it crashes after so many completed requests, with a traceback, and drops who is still waiting", async () => {
    await using engine = await startSimulator("--model", "sim/h100-8b", "--crash-after-requests", "2");
    const waiting = await complete(engine.url, longStream);
    const dropped = expect(waiting.text()).rejects.toThrow();
    for (const _ of [1, 2]) expect((await complete(engine.url, { max_tokens: 2 })).status).toBe(200);
    const { exitCode, stderr } = await engine.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Traceback (most recent call last):");
    expect(stderr).toContain("simulated crash after 2 completed requests");
    await dropped;
  });

  test("it answers every n-th request with status 500", async () => {
    await using engine = await startSimulator("--fail-every", "2");
    const statuses: number[] = [];
    for (const _ of [1, 2, 3, 4]) statuses.push((await complete(engine.url, { max_tokens: 1 })).status);
    expect(statuses).toEqual([200, 500, 200, 500]);
  });

  test("it is never healthy", async () => {
    await using engine = await startSimulator("--never-healthy");
    expect((await fetch(`${engine.url}/health`)).status).toBe(503);
  });

  test.each([
    [["--oom-at-start"], "ValueError: No available memory for the cache blocks."],
    [["--oom-at-start", "weights"], "torch.OutOfMemoryError: CUDA out of memory."],
    [
      ["--kv-cache-tokens", "1000"],
      "max seq len (4096), (0.50 GiB KV cache is needed, which is larger than the available KV cache memory (0.12 GiB). Based on the available memory, the estimated maximum model length is 992.",
    ],
  ])("with %j it runs out of memory in vLLM's words, and pitwall understands them", async (args, words) => {
    await using fixture = await createFixture();
    const { exitCode, stdout, stderr } = await runSimulator(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("simulated");
    await fixture.writeFile("engine.log", stderr);
    const end = await lastWords({ logFile: fixture.getPath("engine.log") }, { what: "it ended", phase: "start" });
    expect(end.reason).toBe("out_of_memory");
  });

  test("it waits before it listens", async () => {
    const started = performance.now();
    await using engine = await startSimulator("--start-delay", "1");
    expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
    expect((await fetch(`${engine.url}/health`)).status).toBe(200);
    engine.signal("SIGTERM");
    const { stderr } = await engine.ended;
    expect(startPhasesOf(stderr)).toEqual({
      ...{ weightsSeconds: 0.25, modelSeconds: 0.3, compileSeconds: 0.3, profileSeconds: 0.1 },
      ...{ graphCaptureSeconds: 0.2, initSeconds: 0.6 },
    });
    expect(
      stderr
        .trim()
        .split("\n")
        .filter((line) => !line.endsWith("(simulated)")),
    ).toEqual([]);
  });
});

describe("the process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("ends with exit code 0 on %s, open streams and all", async (signal) => {
    await using engine = await startSimulator("--model", "sim/h100-8b");
    const response = await complete(engine.url, longStream);
    const cut = expect(response.text()).rejects.toThrow();
    engine.signal(signal);
    expect(await engine.ended).toMatchObject({ exitCode: 0, stderr: "" });
    await cut;
  });

  test("says one line on stdout", async () => {
    await using engine = await startSimulator();
    engine.signal("SIGTERM");
    expect((await engine.ended).stdout).toBe(`simulated engine listening on ${engine.url}\n`);
    expect(engine.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("ends with exit code 1 when its port is taken, and says what to do", async () => {
    await using engine = await startSimulator();
    const { exitCode, stdout, stderr } = await runSimulator("--port", new URL(engine.url).port);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/could not start: .*EADDRINUSE.*another --port/);
  });

  test.each([
    [["--prot", "1"], /unknown option '--prot'[\s\S]*Did you mean --port/],
    [["--port", "70000"], /--port.*65535 or less/],
    [["--max-model-len", "0"], /--max-model-len.*1 or more/],
    [["--fail-every", "1.5"], /--fail-every.*whole number/],
    [["--noise", "lots"], /--noise.*a number/],
    [["--model", " "], /--model.*not be empty/],
    [["--model", "sim/nothing"], /sim\/nothing names no known preset \(h100-8b, tiny\)/],
    [["--preset", "fast"], /--preset.*h100-8b, tiny/],
    [["--max-num-batched-tokens", "100"], /at least --max-num-seqs/],
    [["--fixed-ttft", "5"], /--fixed-ttft and --fixed-itl go together/],
    [["--stagger"], /--stagger.*give --fixed-ttft/],
    [["--fault", "explode"], /--fault.*known are status=NNN/],
    [["--fault", "cut=x"], /is not like cut=TOKENS/],
    [["--oom-at-start", "disk"], /--oom-at-start.*kv-cache, weights/],
    [["word"], /too many arguments/],
  ])("ends with exit code 2 for %j, and says what is wrong", async (args, message) => {
    const { exitCode, stdout, stderr } = await runSimulator(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("ends with exit code 1 for a file that it cannot use", async () => {
    await using fixture = await createFixture({ "timing.json": '{"overhead": -1}' });
    const timing = await runSimulator("--port", "0", "--timing", fixture.getPath("timing.json"));
    expect([timing.exitCode, timing.stderr]).toEqual([
      1,
      expect.stringMatching(/--timing: .* does not have the expected form:[\s\S]*overhead/),
    ]);
    const truth = await runSimulator("--port", "0", "--truth", fixture.getPath("no/folder"));
    expect([truth.exitCode, truth.stderr]).toEqual([1, expect.stringMatching(/--truth: .* could not be opened/)]);
  });
});
