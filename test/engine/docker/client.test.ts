import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ContainerEngine } from "../../../src/engine/engine.ts";
import type { EngineError } from "../../../src/engine/engine-error.ts";
import { loadEngineRecord } from "../../../src/engine/record.ts";
import { startEngine } from "../../../src/engine/start.ts";
import { engineRuns, isEngineLeft, stopEngine } from "../../../src/engine/stop.ts";
import { processRow } from "../../../src/machine/process-table.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { engineOptions } from "../../../src/verbs/start-engine/options.ts";
import { startEngine as startEngineVerb } from "../../../src/verbs/start-engine/start-engine.ts";
import { addExecutable, engineRoom } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { runVerb } from "../../support/verb-process.ts";

const FAKE_DOCKER = join(import.meta.dirname, "..", "..", "support", "fake-docker.ts");

/** A room with a fake docker on PATH. */
async function dockerRoom(fault?: string) {
  const room = await engineRoom();
  const script = `exec "${process.execPath}" "${FAKE_DOCKER}" "${room.bin}" "$@"`;
  const program = await addExecutable(room.bin, "docker", script);
  const env = { ...process.env, PITWALL_DOCKER: "", PATH: `${room.bin}:${process.env.PATH}`, HF_HOME: room.output };
  room.env = fault === undefined ? env : { ...env, FAKE_DOCKER: fault };
  const tools = recordingTools({ env: room.env });
  return {
    room,
    program,
    tools,
    async options(docker: Partial<ContainerEngine["docker"]> = {}, engineArgs: string[] = []) {
      const { port, output, host, startTimeoutSeconds } = await room.options();
      const image = { image: "registry/vllm:1", gpus: "none", dockerArgs: ["--network", "host"], ...docker };
      return {
        kind: "docker",
        docker: image,
        model: "m",
        engineArgs,
        port,
        output,
        host,
        startTimeoutSeconds,
      } as const;
    },
    async start(...engineArgs: string[]) {
      const record = await startEngine(await this.options({}, engineArgs), tools);
      room.stopLater(record);
      return record;
    },
    async failure(docker: Partial<ContainerEngine["docker"]> = {}, engineArgs: string[] = []) {
      const error = await startEngine(await this.options(docker, engineArgs), tools).then(
        () => expect.unreachable("the engine came up"),
        (thrown: EngineError) => thrown,
      );
      expect(this.containers()).toEqual([]);
      expect(existsSync(join(room.output, "engine.json"))).toBe(false);
      return error;
    },
    containers: () => readdirSync(room.bin).filter((name) => name.startsWith("container-")),
    [Symbol.asyncDispose]: () => room[Symbol.asyncDispose](),
  };
}

describe("an engine in a container", () => {
  test("is refused before it starts when the image's vLLM does not know an argument, whatever its tag says", async () => {
    await using docker = await dockerRoom();
    const labels = { "org.opencontainers.image.title": "vLLM", "org.opencontainers.image.version": "0.9.2" };
    for (const told of [{ FAKE_VLLM_VERSION: "0.9.2" }, { FAKE_LABELS: JSON.stringify(labels) }]) {
      docker.tools.env = { ...docker.room.env, ...told };
      const { message } = await docker.failure({ image: `registry/vllm:${Object.keys(told)[0]}` }, ["--runner=auto"]);
      expect(message).toContain("vLLM 0.9.2 does not know --runner: vllm serve has it since 0.10.1");
      expect(existsSync(join(docker.room.output, "logs", "engine.log"))).toBe(false);
    }
  });

  test("comes up, is recorded with image and digest, and is gone when it is stopped", async () => {
    await using docker = await dockerRoom();
    const record = await docker.start();
    const { name, id } = record.container!;
    expect(record).toMatchObject({
      kind: "docker",
      image: "registry/vllm:1",
      imageDigest: "registry/vllm@sha256:d19e57",
      version: "0.32.0",
      container: { program: docker.program, daemon: process.env.DOCKER_HOST ?? null },
    });
    expect(name).toMatch(/^pitwall-[0-9a-f]{16}$/);
    expect(id).toBe(`id-${name}`);
    expect(docker.tools.said).toEqual(["info: pulling registry/vllm:1"]);
    expect(await loadEngineRecord(docker.room.output)).toEqual(record);
    expect(readFileSync(record.logFile!, "utf8")).toContain("environment");
    await stopEngine(record);
    expect(docker.containers()).toEqual([]);
    expect(engineRuns(record)).toBe(false);
  });

  test("is pulled once", async () => {
    await using docker = await dockerRoom();
    await stopEngine(await docker.start());
    await docker.start();
    expect(docker.tools.said.filter((line) => line.includes("pulling"))).toHaveLength(1);
  });

  test("is gone too when it ignores the request to stop", async () => {
    await using docker = await dockerRoom();
    const record = await docker.start("--fake-ignore-term");
    await stopEngine(record, 1);
    expect(docker.containers()).toEqual([]);
  });

  test("counts as ended when its client is killed, and is removed all the same", async () => {
    await using docker = await dockerRoom();
    const record = await docker.start();
    process.kill(record.pid!, "SIGKILL");
    await expect.poll(() => engineRuns(record)).toBe(false);
    expect(await isEngineLeft(record)).toBe(true);
    await stopEngine(record);
    expect(await isEngineLeft(record)).toBe(false);
    expect(docker.containers()).toEqual([]);
  });

  test("that a killed pitwall left behind is removed by the next start", async () => {
    await using docker = await dockerRoom();
    const { docker: given, kind: engine, host: _, startTimeoutSeconds: __, ...rest } = await docker.options();
    await using verb = runVerb({ engine, ...rest, ...given, foreground: true }, docker.room.env);
    const first = await docker.room.recorded();
    verb.kill("SIGKILL");
    await verb.ended;
    expect(docker.containers()).toHaveLength(1);
    const second = await docker.start();
    expect(docker.tools.said).toContain(
      `warning: the engine that was started in ${docker.room.output} before (container ${first.container!.name}) still runs; stopping it`,
    );
    expect(docker.containers()).toEqual([`container-${second.container!.name}`]);
    expect(processRow(first.pid)?.ended ?? true).toBe(true);
  });

  test("that was never healthy before pitwall was killed is removed by the next start", async () => {
    await using docker = await dockerRoom();
    const options = await docker.options({}, ["--fake-health", "503"]);
    const { docker: given, kind: engine, host: _, startTimeoutSeconds: __, ...rest } = options;
    await using verb = runVerb({ engine, ...rest, ...given }, docker.room.env);
    await expect.poll(() => docker.containers(), { timeout: 20_000 }).toHaveLength(1);
    verb.kill("SIGKILL");
    await verb.ended;
    const second = await docker.start();
    expect(docker.containers()).toEqual([`container-${second.container!.name}`]);
  });

  test("is stopped with --stop", async () => {
    await using docker = await dockerRoom();
    const { container } = await docker.start();
    const inputs = startEngineVerb.inputs.parse({ stop: true, output: docker.room.output });
    expect(await startEngineVerb.run(inputs, docker.tools)).toMatchObject({ text: "the engine was stopped" });
    expect(docker.tools.said).toContain(`info: stopping the docker engine, container ${container!.name}`);
    expect(docker.containers()).toEqual([]);
  });
});

describe("an engine in a container does not come up", () => {
  test("when the image cannot be had", async () => {
    await using docker = await dockerRoom();
    const error = await docker.failure({ image: "nowhere/vllm:9" });
    expect(error.reason).toBe("image_missing");
    expect(error.detail).toBe(
      "the image nowhere/vllm:9 is not on this machine and could not be pulled: check its name and tag",
    );
    expect(error.logTail).toContain("manifest for nowhere/vllm:9 not found");
  });

  test.each([
    ["down", /^the Docker daemon does not answer: .*; start it \(sudo systemctl start docker\), or set DOCKER_HOST$/],
    ["denied", /^this user may not talk to the Docker daemon: add it to the group docker/],
  ])("when the daemon is %s", async (fault, detail) => {
    await using docker = await dockerRoom(fault);
    const error = await docker.failure();
    expect(error.reason).toBe("environment");
    expect(error.detail).toMatch(detail);
  });

  test("without docker on PATH", async () => {
    await using docker = await dockerRoom();
    docker.tools.env = { ...docker.room.env, PATH: "/nowhere" };
    const error = await docker.failure();
    expect(error.reason).toBe("environment");
    expect(error.detail).toBe(
      "docker was not found on PATH: install it (on Debian: apt-get install docker.io), or set PITWALL_DOCKER to the program",
    );
  });

  test("when docker refuses to start the container, in docker's own words", async () => {
    await using docker = await dockerRoom();
    const error = await docker.failure({ dockerArgs: ["--network", "host", "--refused"] });
    expect(error.reason).toBe("environment");
    expect(error.detail).toBe("docker could not start the container: Error response from daemon: refused");
  });

  test("when the engine ends at once, with the end of its log", async () => {
    await using docker = await dockerRoom();
    const error = await docker.failure({}, ["--fake-exit", "3"]);
    expect(error.detail).toBe("the engine ended with exit code 3 before it was healthy");
    expect(error.logTail).toContain("environment");
  });

  test("when it is not healthy in time", async () => {
    await using docker = await dockerRoom();
    const options = { ...(await docker.options({}, ["--fake-health", "503"])), startTimeoutSeconds: 2 };
    await expect(startEngine(options, docker.tools)).rejects.toMatchObject({ reason: "startup_timeout" });
    expect(docker.containers()).toEqual([]);
  });
});

test("without bridges the container is on the host's network", async () => {
  await using docker = await dockerRoom("no-bridge");
  const record = await startEngine(await docker.options({ dockerArgs: [] }), docker.tools);
  docker.room.stopLater(record);
  expect(record.command.join(" ")).toContain("--network host");
});

describe("inputs of a container", () => {
  const options = (given: Record<string, unknown>) =>
    engineOptions(resolveInputs(startEngineVerb, { engine: "docker", model: "m", image: "i", ...given }, {}, {}));

  test("become what docker run needs", () => {
    expect(options({ gpus: "none", dockerArgs: "--cpuset-cpus 0-3 -e 'A=b c'" })).toMatchObject({
      kind: "docker",
      docker: { image: "i", gpus: "none", dockerArgs: ["--cpuset-cpus", "0-3", "-e", "A=b c"] },
    });
  });

  test.each([
    [{ image: undefined }, "--engine docker needs an --image, like vllm/vllm-openai:v0.11.0"],
    [{ image: "a b" }, "--image: “a b” is no name of an image"],
    [{ model: undefined }, "--engine docker needs a --model, like meta-llama/Llama-3.1-8B-Instruct"],
    [{ shmSize: "much" }, "--shm-size: “much” is no size; write it like 16g"],
    [{ engine: "vllm" }, "--image goes with --engine docker, not with --engine vllm"],
    [
      { engine: "simulated", image: undefined, gpus: "all" },
      "--gpus goes with --engine docker, not with --engine simulated",
    ],
    [{ dockerArgs: "other" }, "--docker-args must begin with a flag of docker run, not with “other”"],
    [{ dockerArgs: "--name=x" }, "--docker-args must not hold --name: pitwall names the container, to find it again"],
    [
      { dockerArgs: "-e HF_TOKEN=hf_x" },
      "--docker-args must not hold the value of HF_TOKEN: it is stored with the results; put it into the environment and give -e HF_TOKEN",
    ],
  ])("%j do not fit together: %s", (given, message) => {
    expect(() => options(given)).toThrow(message);
  });
});
