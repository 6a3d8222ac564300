import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { isAtLeast, isNewerThanKnown, refuseUnknownFlags } from "../../../src/engine/vllm/profile.ts";
import { versionInConfig, versionOfImage } from "../../../src/engine/vllm/version.ts";
import { UsageError } from "../../../src/errors.ts";
import { vllmClient } from "../../../src/load/client/vllm-client.ts";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { startEngine } from "../../../src/verbs/start-engine/start-engine.ts";
import { pitwall } from "../../support/cli.ts";
import { addExecutable, engineRoom } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const serve = { program: "vllm serve", source: "--engine-args" } as const;

describe("versions", () => {
  test.each([
    ["0.32.0", "0.32.0", true],
    ["0.9.2", "0.10.1", false],
    ["v0.11.1rc2.dev5+g1234", "0.11.1", true],
    ["0.6.1.post2", "0.6.2", false],
    ["1.0", "0.32.0", true],
    ["0.0.0+unknown", "0.32.0", true],
    ["a build of ours", "0.32.0", true],
  ])("%s is at least %s: %s", (version, wanted, expected) => expect(isAtLeast(version, wanted)).toBe(expected));

  test("later than the newest known are told from it and from those that say nothing", () => {
    const versions = ["0.33.0", "1.0.0", "0.32.1", "0.32.0", "0.32.0+cpu", "0.31.0", "dev"];
    expect(versions.map(isNewerThanKnown)).toEqual([true, true, true, false, false, false, false]);
  });

  test.each([
    ["vllm/vllm-openai:v0.11.0", "0.11.0"],
    ["ghcr.io/octo/vllm-cpu:0.9.2-cuda", "0.9.2"],
    ["vllm/vllm-openai:latest", undefined],
    ["registry:5000/octo/llm:1.2.3", undefined],
  ])("of the image %s: %s", (image, version) => expect(versionOfImage(image)).toBe(version));
});

describe("what an image says of itself", () => {
  const oci = (labels: Record<string, string>) =>
    Object.fromEntries(Object.entries(labels).map(([name, value]) => [`org.opencontainers.image.${name}`, value]));
  test.each([
    ["its variable", ["PATH=/bin", "VLLM_VERSION=0.11.0+rocm"], {}, "0.11.0+rocm"],
    ["vLLM's label", [], { version: "v0.20.1", source: "https://github.com/vllm-project/vllm" }, "0.20.1"],
    ["the label of its base image", [], { version: "22.04", "ref.name": "ubuntu" }, undefined],
    ["a word", ["VLLM_VERSION=nightly"], {}, undefined],
    ["nothing", [], {}, undefined],
  ])("%s is its version or none", (_, env, labels, version) => {
    expect(versionInConfig(env, oci(labels))).toBe(version);
  });
});

describe("an argument that a version of vLLM does not know is refused:", () => {
  test.each([
    ["0.17.0", "--disable-log-requests", "it went with 0.17.0; instead: --no-enable-log-requests"],
    ["0.9.2", "--no-enable-log-requests", "vllm serve has it since 0.10.1; until then leave it out"],
    ["0.18.0", "--swap_space=4", "it went with 0.18.0; instead: nothing: V1 does not swap"],
    ["0.13.0", "--task", "it went with 0.13.0; instead: --runner and --convert"],
    ["0.10.0", "--runner", "vllm serve has it since 0.10.1; until then write --task"],
    ["0.12.0", "--guided-decoding-backend", "instead: --structured-outputs-config"],
    ["0.8.5", "--speculative-model", "it went with 0.8.3; instead: --speculative-config"],
    ["0.6.0", "--speculative-config", "until then write --speculative-model"],
    ["0.10.2", "--attention-backend", "since 0.13.0; until then set VLLM_ATTENTION_BACKEND in the environment"],
    ["0.11.0", "--preemption-mode", "leave it out: nothing took its place"],
    ["0.6.4", "--data-parallel-size", "since 0.8.3; leave it out, or take that version"],
  ])("vLLM %s, %s: %s", (version, flag, message) => {
    const refuse = () => refuseUnknownFlags([flag, "4"], version, serve);
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(`--engine-args: vLLM ${version} does not know ${flag.split("=")[0]}: `);
    expect(refuse).toThrow(message);
  });

  test("but not one that it knows, or that is not in the table, and none of a build without a version", () => {
    const args = ["--swap-space", "4", "--disable-log-requests", "--enforce-eager", "--my-plugin=1", "-tp", "2"];
    expect(() => refuseUnknownFlags(args, "0.16.0", serve)).not.toThrow();
    expect(() => refuseUnknownFlags(["--swap-space", "4"], "dev", serve)).not.toThrow();
  });

  test("before an engine is started, by the command line", async () => {
    await using room = await engineRoom();
    const { port, output } = await room.inputs();
    const env = { PATH: `${room.bin}:${process.env.PATH}`, PITWALL_VLLM: "", FAKE_VLLM_VERSION: "0.20.0" };
    const args = ["--engine", "vllm", "--model", "m", "--port", String(port), "--output", output];
    const ended = await pitwall(["start-engine", ...args, "--engine-args", "--disable-log-requests"], room.output, env);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(
      "--engine-args: vLLM 0.20.0 does not know --disable-log-requests: it went with 0.17.0; instead: --no-enable-log-requests",
    );
    expect(existsSync(join(output, "logs", "engine.log"))).toBe(false);
  });

  test("with the version of the package beside the program, which is faster than asking it", async () => {
    await using room = await engineRoom();
    await addExecutable(room.bin, "python3", "echo 0.9.2");
    const inputs = { ...(await room.inputs()), engineArgs: ["--async-scheduling"] };
    const started = startEngine.run(startEngine.inputs.parse(inputs), recordingTools({ env: room.env }));
    await expect(started).rejects.toThrow("vLLM 0.9.2 does not know --async-scheduling");
  });

  test("with the version in an image's tag", async () => {
    const inputs = { engine: "docker", model: "m", image: "vllm/vllm-openai:v0.9.2", engineArgs: ["--runner=auto"] };
    const started = startEngine.run(startEngine.inputs.parse(inputs), recordingTools());
    await expect(started).rejects.toThrow("vLLM 0.9.2 does not know --runner");
  });
});

test("an engine that is newer than all known ones is told of once", async () => {
  await using room = await engineRoom();
  const tools = recordingTools({ env: { ...room.env, FAKE_VLLM_VERSION: "0.33.1" } });
  await startEngine.run(startEngine.inputs.parse(await room.inputs()), tools);
  await room.recorded();
  expect(tools.said.filter((line) => line.includes("newer"))).toEqual([
    "info: vLLM 0.33.1 is newer than 0.32.0, the newest that pitwall knows; it is treated like that",
  ]);
});

describe("`vllm bench serve` is given the flags of its version:", () => {
  /** Arguments that a fake vLLM of that version gets. */
  async function given(version: string, { warmupRequests = 0, benchmarks = "" } = {}): Promise<string[]> {
    await using folder = await createFixture({ "raw/.keep": "" });
    const script = 'printf "%s\\n" "$@" > "$ARGS"; exit 1';
    const program = await addExecutable(folder.path, "vllm", script);
    await addExecutable(folder.path, "python3", script);
    const args = folder.getPath("args");
    const engine = {
      ...{ kind: "vllm", version, baseUrl: "http://127.0.0.1:1", model: "m", modelPath: "m" },
    } as EngineRecord & { baseUrl: string };
    const env = { ...process.env, PITWALL_VLLM: program, PITWALL_VLLM_BENCHMARKS: benchmarks, ARGS: args };
    const client = vllmClient({ engine, rawFolder: folder.getPath("raw"), output: folder.path, args: [], env });
    const load = {
      ...{ load: { kind: "closed-loop", concurrency: 2 }, bound: { kind: "requests", count: 3 }, seed: 1 },
      ...{ prompts: { kind: "random", inputLen: 8, outputLen: 2 }, warmupRequests },
    } as unknown as Parameters<typeof client.measure>[1];
    const signal = new AbortController().signal;
    await client.measure("c", load, { signal, onMeasuring() {} } as unknown as Parameters<typeof client.measure>[2]);
    return (await readFile(args, "utf8")).trim().split("\n");
  }

  const names = ["--backend", "--endpoint-type", "--temperature", "--num-warmups", "--max-concurrency"];
  test.each([
    ["0.32.0", { "--backend": "vllm", "--temperature": "0", "--num-warmups": "0", "--max-concurrency": "2" }],
    ["0.11.0", { "--backend": "vllm", "--temperature": "0", "--max-concurrency": "2" }],
    ["0.10.2", { "--endpoint-type": "vllm", "--temperature": "0", "--max-concurrency": "2" }],
    ["0.8.5", { "--endpoint-type": "openai-comp", "--max-concurrency": "2" }],
  ])("%s", async (version, expected) => {
    const args = await given(version);
    expect(args.slice(0, 2)).toEqual(["bench", "serve"]);
    const found = names.filter((name) => args.includes(name)).map((name) => [name, args[args.indexOf(name) + 1]]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test("0.7.3 by the script benchmark_serving.py of its sources", async () => {
    const args = await given("0.7.3", { benchmarks: "/src/vllm/benchmarks" });
    expect(args.slice(0, 3)).toEqual(["/src/vllm/benchmarks/benchmark_serving.py", "--backend", "vllm"]);
    await expect(given("0.7.3")).rejects.toThrow(/no `vllm bench serve`.*PITWALL_VLLM_BENCHMARKS/);
  });

  test("and what it cannot do is refused", async () => {
    await expect(given("0.9.2", { warmupRequests: 5 })).rejects.toThrow(
      "--client vllm: vLLM 0.9.2 does not know --num-warmups: vllm bench serve has it since 0.11.1; until then give --warmup-requests 0",
    );
    await expect(given("0.6.3", { benchmarks: "/b" })).rejects.toThrow("0.6.3 does not know --max-concurrency");
  });
});
