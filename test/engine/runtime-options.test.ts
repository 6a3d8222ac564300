import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../src/engine/launch/port.ts";
import { startEngine } from "../../src/verbs/start-engine/start-engine.ts";
import { pitwall } from "../support/cli.ts";
import { addExecutable, engineRoom, FIXTURES } from "../support/fake-engine.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { simulatedEngine } from "../support/simulated-room.ts";

const FAKE = join(FIXTURES, "..", "..", "support", "fake-vllm.ts");

/** A start of a fake vLLM that prints where it runs and with which proxies. */
async function start(given: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  await using room = await engineRoom();
  const shown = "pwd; env | grep -i -E 'proxy|OF_FILE'";
  await addExecutable(room.bin, "vllm", `${shown}; exec "${process.execPath}" "${FAKE}" "$@"`);
  const tools = recordingTools({ env: { ...room.env, ...env } });
  const outcome = await startEngine.run(startEngine.inputs.parse({ ...(await room.inputs()), ...given }), tools);
  await room.recorded();
  const log = readFileSync(join(room.output, "logs", "engine.log"), "utf8");
  const stopped = await startEngine.run(startEngine.inputs.parse({ output: room.output, stop: true }), tools);
  return { outcome, log, said: tools.said, stopped };
}

describe("an environment file", () => {
  const FILE = 'echo said; export OF_FILE="one\ntwo $1"; LOCAL=3';

  test("is sourced by bash with its arguments, and the engine gets what it exports", async () => {
    await using folder = await createFixture({ "setvars.sh": FILE });
    const { log } = await start({ envScript: [folder.getPath("setvars.sh"), "--force"] });
    expect(log).toContain("OF_FILE=one");
    expect(log).not.toContain("LOCAL=3");
  });

  test.each([
    ["exit 3", "failed with exit code 3: it said nothing"],
    ["echo no device >&2; return 4", "failed with exit code 4: no device"],
  ])("that fails (%s) stops the start and is named", async (script, message) => {
    await using folder = await createFixture({ "setvars.sh": script });
    const envScript = [folder.getPath("setvars.sh")];
    await expect(start({ envScript })).rejects.toThrow(`--env-script ${envScript[0]} ${message}`);
  });

  test("that is missing is named, by the command line", async () => {
    const args = ["start-engine", "--engine", "simulated", "--env-script", "/nowhere/setvars.sh --force"];
    await using folder = await createFixture();
    const { exitCode, stderr } = await pitwall(args, folder.path);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("--env-script /nowhere/setvars.sh failed with exit code 1");
    expect(stderr).toContain("No such file or directory");
  });
});

describe("a working folder", () => {
  test("is where the engine runs", async () => {
    await using folder = await createFixture();
    const { log } = await start({ workingDir: folder.path });
    expect(log.split("\n")).toContain(folder.path.replace(/\/$/, ""));
  });

  test.each([
    [{ engine: "vllm", workingDir: "/nowhere" }, "--working-dir: /nowhere is no folder"],
    [{ engine: "simulated", workingDir: "/tmp" }, "--working-dir goes with --engine vllm, not with --engine simulated"],
    [{ engine: "docker", image: "i", workingDir: "/tmp" }, '; give --docker-args "--workdir DIR"'],
  ])("%j: %s", async (given, message) => expect(start(given)).rejects.toThrow(message));
});

test("an engine gets the proxies in lower and upper case, and none to itself", async () => {
  const env = { HTTP_PROXY: "http://proxy.example:1", https_proxy: "http://proxy.example:2", NO_PROXY: "a.example" };
  const { log } = await start({ pollInterval: 0.05 }, env);
  const wanted = ["http_proxy=http://proxy.example:1", "HTTPS_PROXY=http://proxy.example:2"];
  const noProxy = "a.example,localhost,127.0.0.1,0.0.0.0";
  const expected = [...wanted, `no_proxy=${noProxy}`, `NO_PROXY=${noProxy}`];
  expect(log.split("\n")).toEqual(expect.arrayContaining(expected));
});

describe("programs on the GPU", () => {
  test("are named before the start and after the stop, with their pids", async () => {
    await using tools = await createFixture();
    await addExecutable(tools.path, "nvidia-smi", "echo 'GPU-1a, 4242, /usr/bin/python3'");
    const { said } = await start({}, { PATH: `${tools.path}:${process.env.PATH}` });
    const named = "/usr/bin/python3 (pid 4242, GPU-1a)";
    expect(said).toEqual([
      expect.stringContaining(`warning: GPU memory is not free before the start: ${named}; numbers`),
      expect.stringContaining("info: stopping the vllm engine"),
      expect.stringContaining(`warning: GPU memory is not free after the stop: ${named}; if one`),
    ]);
  });

  test("that are none are no news, nor is a nvidia-smi without a driver", async () => {
    await using tools = await createFixture();
    await addExecutable(tools.path, "nvidia-smi", 'echo "NVIDIA-SMI has failed"; exit 9');
    const { said } = await start({}, { PATH: `${tools.path}:${process.env.PATH}` });
    expect(said).toEqual([expect.stringContaining("info: stopping")]);
  });
});

describe("a server that wants an API key", () => {
  /** In front of a simulated engine, it lets in who has the key. */
  async function guarded(target: string) {
    const server = createServer((incoming, response) => {
      if (incoming.headers.authorization !== "Bearer s3cret") return response.writeHead(401).end();
      const { method, headers } = incoming;
      const onward = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      return incoming.pipe(onward);
    });
    const port = await freePort("127.0.0.1", 0);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return {
      baseUrl: `http://127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  test.each(["serve-benchmark", "latency-sweep"])("is measured by %s with the key in the environment", async (verb) => {
    await using room = await simulatedEngine();
    await using server = await guarded(room.engine.baseUrl!);
    await using folder = await createFixture();
    const sizes = ["--mode", "server", "--batch-sizes", "1", "--input-len", "8", "--output-len", "2"];
    const pairs = ["--pairs", "8:2", "--request-rate", "50", "--num-prompts", "3", "--client-limits", "off"];
    const warmUp = ["--warmup-requests", "1"];
    const how = verb === "latency-sweep" ? [...sizes, "--warmup", "1", "--iterations", "1"] : [...pairs, ...warmUp];
    const args = [verb, "--base-url", server.baseUrl, ...how];
    const ended = await pitwall(args, folder.path, { PITWALL_API_KEY: "s3cret" });
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.stdout + ended.stderr).not.toContain("s3cret");
  });

  test("is refused without it, and with a wrong one", async () => {
    await using room = await simulatedEngine();
    await using server = await guarded(room.engine.baseUrl!);
    await using folder = await createFixture();
    const run = (key: string) =>
      pitwall(["start-engine", "--engine", "remote", "--base-url", server.baseUrl], folder.path, {
        PITWALL_API_KEY: key,
      });
    expect((await run("")).stderr).toContain("it wants an API key: put it into the environment as PITWALL_API_KEY");
    expect((await run("wrong")).stderr).toContain("it refuses the API key in PITWALL_API_KEY");
  });
});
