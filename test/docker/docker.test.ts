import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, inject, test } from "vitest";
import { Run } from "../../src/result/document/run.ts";
import { startPitwall } from "../support/cli.ts";
import { KILL_SEED, killIfThere, randomNumbers } from "../support/seeded-kills.ts";
import { json, jsonIfThere, until } from "../vllm/pitwall.ts";

const dockerHost = inject("dockerHost");
const docker = (...args: string[]) =>
  execFileSync("docker", ["--host", dockerHost, ...args], { encoding: "utf8" }).trim();
const containers = () => docker("ps", "--all", "--format", "{{.Names}}");

const SERVING = ["--pairs", "50:5", "--request-rate", "10", "--num-prompts", "10", "--warmup-requests", "1"];
const SWEEP = ["--batch-sizes", "1", "--input-len", "32", "--output-len", "4", "--warmup", "1", "--iterations", "2"];

/** Goes on until it is stopped. */
const LONG = ["--pairs", "50:50", "--request-rate", "5", "--num-prompts", "500", ...SWEEP, "--skip-site"];

/** A working folder, with a Hugging Face cache of its own. */
async function workplace() {
  const folder = await createFixture({});
  const env = { DOCKER_HOST: dockerHost, HF_HOME: folder.getPath("hf"), HF_TOKEN: "hf_value", NO_COLOR: "1" };
  return {
    output: folder.getPath(".pitwall/out"),
    pitwall: (...args: string[]) => startPitwall(args, folder.path, env),
    engine: (image: string, ...args: string[]) => [
      ...["--engine", "docker", "--image", image, "--model", "sim/h100-8b", "--port", "0", ...args],
    ],
    async [Symbol.asyncDispose]() {
      await startPitwall(["start-engine", "--stop"], folder.path, env).ended;
      await folder.rm();
    },
  };
}

const answers = (baseUrl: string) =>
  fetch(`${baseUrl}/health`).then(
    ({ status }) => status === 200,
    () => false,
  );

describe("a whole run in a container", () => {
  test("measures, records image and digest, and leaves no container", async () => {
    await using place = await workplace();
    const started = place.pitwall(
      ...["run", ...place.engine("pitwall-test/vllm:1"), ...SERVING, ...SWEEP, "--skip-site"],
    );
    const { exitCode, stderr } = await started.ended;
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    const run = Run.parse(json(join(place.output, "run.json")));
    expect(run.cells.map(({ id, status }) => [id, status])).toEqual([
      ["latency-sweep/in_32_out_4_bs_1", "ok"],
      ["serve-benchmark/in_50_out_5_rate_10", "ok"],
    ]);
    expect(run.engine).toMatchObject({
      kind: "docker",
      image: "pitwall-test/vllm:1",
      imageDigest: docker("image", "inspect", "--format", "{{.Id}}", "pitwall-test/vllm:1"),
    });
    expect(containers()).toBe("");
  });

  test("knows the token, which is on no command line and in no record", async () => {
    await using place = await workplace();
    const { exitCode } = await place.pitwall("start-engine", ...place.engine("pitwall-test/vllm:1")).ended;
    expect(exitCode).toBe(0);
    const record = json(join(place.output, "engine.json"));
    expect(JSON.stringify(record)).not.toContain("hf_value");
    expect(docker("logs", record.container.name)).toContain("environment HF_TOKEN=hf_value HF_HOME=/huggingface");
    expect(docker("inspect", "--format", "{{.HostConfig.IpcMode}} {{.Id}}", record.container.name)).toBe(
      `host ${record.container.id}`,
    );
    expect(readFileSync(`/proc/${record.container.pid}/cmdline`, "utf8")).toContain("/bin/vllm.mjs");
  });
});

test("cold and warm starts of containers share the mounted cache only where they are meant to", async () => {
  await using place = await workplace();
  const delay = ["--engine-args", "--start-delay 1 --compile-cache", "--cold-starts", "2", "--warm-starts", "1"];
  const args = ["startup-benchmark", ...place.engine("pitwall-test/vllm:1"), ...delay];
  const { exitCode, stderr } = await place.pitwall(...args).ended;
  expect(exitCode, stderr).toBe(0);
  const compileSeconds = (cache: string): number[] =>
    json(join(place.output, `cells/startup-benchmark/${cache}.json`)).measurement.starts.map(
      ({ phases }: { phases: { compileSeconds: number } }) => phases.compileSeconds,
    );
  expect([compileSeconds("cold"), compileSeconds("warm")]).toEqual([[0.3, 0.3], [0.03]]);
  expect(containers()).toBe("");
  expect(existsSync(join(place.output, "start-cache"))).toBe(false);
});

describe("whatever ends a run", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s in the middle of it leaves no container", async (signal) => {
    await using place = await workplace();
    const started = place.pitwall("run", ...place.engine("pitwall-test/vllm:1"), ...LONG);
    await until(() => jsonIfThere(join(place.output, "engine.json")), started);
    expect(containers()).toMatch(/^pitwall-[0-9a-f]{16}$/);
    started.child.kill(signal);
    expect((await started.ended).exitCode).not.toBe(0);
    expect(containers()).toBe("");
    expect(Run.parse(json(join(place.output, "run.json"))).outcome).toBe("cancelled");
  });

  test("SIGKILL of the docker client: the run says that the engine is gone, and the container is", async () => {
    await using place = await workplace();
    const started = place.pitwall("run", ...place.engine("pitwall-test/vllm:1"), ...LONG);
    const { pid } = await until(() => jsonIfThere(join(place.output, "engine.json")), started);
    process.kill(pid, "SIGKILL");
    expect((await started.ended).exitCode).toBe(1);
    expect(containers()).toBe("");
    const reasons = Run.parse(json(join(place.output, "run.json"))).cells.map(
      (cell) => "reason" in cell && cell.reason,
    );
    expect(reasons).toContain("engine_crashed");
  });

  test("the container's own death is noticed", async () => {
    await using place = await workplace();
    const started = place.pitwall("run", ...place.engine("pitwall-test/vllm:1"), ...LONG);
    const { container } = await until(() => jsonIfThere(join(place.output, "engine.json")), started);
    docker("kill", container.name);
    expect((await started.ended).exitCode).toBe(1);
    expect(containers()).toBe("");
  });

  test("SIGKILL of pitwall: the next start removes what was left", async () => {
    await using place = await workplace();
    const killed = place.pitwall("run", ...place.engine("pitwall-test/vllm:1"), ...LONG);
    const first = await until(() => jsonIfThere(join(place.output, "engine.json")), killed);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(containers()).toBe(first.container.name);
    const { stderr } = await place.pitwall("start-engine", ...place.engine("pitwall-test/vllm:1")).ended;
    expect(stderr).toContain(`(container ${first.container.name}) still runs; stopping it`);
    const second = json(join(place.output, "engine.json"));
    expect(containers()).toBe(second.container.name);
    expect([await answers(first.baseUrl), await answers(second.baseUrl)]).toEqual([false, true]);
    await place.pitwall("start-engine", "--stop").ended;
    expect(containers()).toBe("");
  });
});

/** From the start of pitwall, with its container, to the middle of serving. */
const SPAN_MS = 6000;
const random = randomNumbers(KILL_SEED);
const kills = [
  "pitwall, SIGTERM",
  "pitwall, SIGKILL",
  "the docker client, SIGKILL",
  "the engine in its container, SIGKILL",
];
const moments = [...kills, ...kills].map((victim) => [victim, Math.round(random() * SPAN_MS)] as const);

describe(`whatever is killed at any moment (PITWALL_KILL_SEED=${KILL_SEED})`, () => {
  test.each(moments)("%s after %i ms: no container is left, and the document says why", async (victim, afterMs) => {
    await using place = await workplace();
    const started = place.pitwall("run", ...place.engine("pitwall-test/vllm:1"), ...SERVING, ...SWEEP, "--skip-site");
    await sleep(afterMs);
    const names = ["engine.json", "engine.starting.json"].map((name) => join(place.output, name));
    const engine = names.map(jsonIfThere).find((record) => record !== undefined);
    if (victim.startsWith("pitwall")) killIfThere(started.child.pid, victim.endsWith("TERM") ? "SIGTERM" : "SIGKILL");
    else killIfThere(victim.includes("client") ? engine?.pid : engine?.container.pid, "SIGKILL");
    const { exitCode } = await started.ended;
    if (victim === "pitwall, SIGKILL") await place.pitwall("start-engine", "--stop").ended;
    expect(containers()).toBe("");
    // Before it listens for signals, and after SIGKILL, pitwall ends without a word.
    const file = join(place.output, "run.json");
    if (!existsSync(file)) return expect(exitCode).toBeNull();
    const run = Run.parse(json(file));
    const expected = victim.startsWith("pitwall") ? "cancelled" : "engine_crashed";
    expect(run.cells.every((cell) => cell.status === "ok" || cell.reason === expected)).toBe(true);
    if (exitCode === 0) expect(run.outcome).toBe("ok");
  });
});

describe("an engine that does not come up", () => {
  const start = async (image: string, ...more: string[]) => {
    await using place = await workplace();
    const ended = await place.pitwall("start-engine", ...place.engine(image, ...more)).ended;
    expect(ended.exitCode).toBe(1);
    expect(containers()).toBe("");
    return ended.stderr;
  };

  test("because its image is missing fills the run document with that reason", async () => {
    await using place = await workplace();
    const { exitCode } = await place.pitwall("run", ...place.engine("pitwall-test/none:1"), ...LONG).ended;
    expect(exitCode).toBe(1);
    const run = Run.parse(json(join(place.output, "run.json")));
    expect(run.engine.image).toBe("pitwall-test/none:1");
    expect(run.cells.map((cell) => "reason" in cell && cell.reason)).toEqual(["image_missing", "image_missing"]);
  });

  test("because it ends at once shows its last words", async () => {
    const said = await start("pitwall-test/broken:1");
    expect(said).toContain("the engine ended with exit code 3 before it was healthy");
    expect(said).toContain("no driver here");
  });

  test("because the image holds no vLLM says so", async () => {
    const said = await start("pitwall-test/empty:1");
    expect(said).toMatch(/the image pitwall-test\/empty:1 could not run vLLM: .*executable file not found/);
  });

  test("because there are no GPUs for --gpus all says what to install", async () => {
    const said = await start("pitwall-test/vllm:1", "--gpus", "all");
    expect(said).toContain("install the NVIDIA Container Toolkit and restart Docker, or give --gpus none");
  });

  test("because of an unknown argument of docker run names the input", async () => {
    expect(await start("pitwall-test/vllm:1", "--docker-args=--frobnicate")).toContain("check --docker-args");
  });
});
