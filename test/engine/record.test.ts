import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../src/engine/launch/port.ts";
import { loadEngineRecord, recordedEngines, resolveEngine } from "../../src/engine/record.ts";
import { baseUrlOf, normalizeBaseUrl } from "../../src/engine/server/endpoint.ts";
import { startEngine } from "../../src/engine/start.ts";
import { stopEngine } from "../../src/engine/stop.ts";
import { UsageError } from "../../src/errors.ts";
import { engineRoom } from "../support/fake-engine.ts";
import { recordingTools } from "../support/recording-tools.ts";

const MODELS = { data: [{ id: "first", max_model_len: 4096 }, { id: "second" }] };

/** A server that somebody else runs, answering a path with a status and text. */
async function remoteServer(answers: Record<string, [status: number, body: unknown]>) {
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url ?? ""] ?? [404, { detail: "Not Found" }];
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => void (await once(server.close(), "close")),
  };
}

const resolve = (choice: Omit<Parameters<typeof resolveEngine>[0], "startTimeout">, startTimeout = 30) =>
  resolveEngine({ startTimeout, ...choice }, recordingTools());

describe("the engine behind a base URL", () => {
  test("is asked for its model, its limit and its version", async () => {
    await using server = await remoteServer({ "/v1/models": [200, MODELS], "/version": [200, { version: "0.9.1" }] });
    const record = await resolve({ output: "/nowhere", baseUrl: `${server.baseUrl}/v1/` });
    expect(record).toMatchObject({
      kind: "remote",
      baseUrl: server.baseUrl,
      model: "first",
      maxModelLen: 4096,
      version: "0.9.1",
      pid: null,
      logFile: null,
    });
  });

  test("may serve several models and tell no version", async () => {
    await using server = await remoteServer({ "/v1/models": [200, MODELS] });
    expect(await resolve({ output: "/nowhere", baseUrl: server.baseUrl, model: "second" })).toMatchObject({
      model: "second",
      maxModelLen: null,
      version: null,
    });
  });

  test("must serve the model that was asked for", async () => {
    await using server = await remoteServer({ "/v1/models": [200, MODELS] });
    await expect(resolve({ output: "/nowhere", baseUrl: server.baseUrl, model: "third" })).rejects.toThrow(
      `${server.baseUrl} does not serve the model “third”; it serves: first, second`,
    );
  });

  test("is named with the cause when it cannot be reached", async () => {
    const baseUrl = `http://127.0.0.1:${await freePort("127.0.0.1", 0)}`;
    await expect(resolve({ output: "/nowhere", baseUrl })).rejects.toThrow(
      `${baseUrl}/v1/models does not answer: connect ECONNREFUSED`,
    );
    await expect(resolve({ output: "/nowhere", baseUrl: baseUrl.replace("127.0.0.1", "localhost") })).rejects.toThrow(
      /\/v1\/models does not answer: .*ECONNREFUSED.* Is the server up, and the base URL right\?$/,
    );
  });

  test.each([
    [[200, "<html>"], 'answered 200 and no list of models: "<html>". Is it an OpenAI-compatible server?'],
    [[200, {}], "answered 200 and no list of models"],
    [[404, "<html>Not Found"], "answered 404 and no list of models"],
    [[500, "broken"], 'answered 500 and no list of models: "broken"'],
    [[401, ""], "answered 401: it wants an API key: put it into the environment as PITWALL_API_KEY"],
  ] as const)("is refused when /v1/models answers %j", async (answer, message) => {
    await using server = await remoteServer({ "/v1/models": [...answer] });
    await expect(resolve({ output: "/nowhere", baseUrl: server.baseUrl })).rejects.toThrow(message);
  });

  test("is recorded by start-engine, which starts nothing", async () => {
    await using server = await remoteServer({ "/v1/models": [200, MODELS] });
    await using folder = await createFixture();
    const options = { kind: "remote", output: folder.path, baseUrl: server.baseUrl, startTimeoutSeconds: 30 } as const;
    const record = await startEngine(options, recordingTools());
    expect(record).toMatchObject({ kind: "remote", command: [], pid: null, secondsToReady: 0 });
    expect(await resolve({ output: folder.path })).toEqual(record);
  });
});

describe("the recorded engine", () => {
  test("is the one that runs", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    expect(await resolve({ output: room.output })).toEqual(record);
    expect(await resolve({ output: room.output, model: "tiny-llama" })).toEqual(record);
    await expect(resolve({ output: room.output, model: "other" })).rejects.toThrow(
      `the engine in ${join(room.output, "engine.json")} serves “tiny-llama”, not “other”`,
    );
  });

  test("that runs no more is refused with the end of its log", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    await stopEngine(record);
    await expect(resolve({ output: room.output })).rejects.toMatchObject({
      reason: "engine_crashed",
      detail: `the engine in ${join(room.output, "engine.json")} (pid ${record.pid}) does not run any more: start it again`,
      logTail: expect.stringContaining("environment"),
    });
  });

  test("is missing where none was started", async () => {
    await using folder = await createFixture();
    await expect(loadEngineRecord(folder.path)).rejects.toThrow(
      `there is no engine.json in ${folder.path}: run start-engine first or give --base-url`,
    );
    expect(await recordedEngines(folder.path)).toEqual([]);
  });

  test("is named when its file is damaged", async () => {
    await using folder = await createFixture();
    const file = join(folder.path, "engine.json");
    await writeFile(file, '{"schema":');
    await expect(loadEngineRecord(folder.path)).rejects.toThrow(`${file} is not valid JSON`);
    await writeFile(file, '{"schema":"pitwall.engine/1"}');
    await expect(recordedEngines(folder.path)).rejects.toThrow(`${file} does not have the expected form`);
  });
});

describe("base URLs", () => {
  test.each([
    ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
    ["http://127.0.0.1:8000/", "http://127.0.0.1:8000"],
    ["https://gateway.example/llm/v1/", "https://gateway.example/llm"],
  ])("%s is taken as %s", (given, expected) => expect(normalizeBaseUrl(given)).toBe(expected));

  test.each(["localhost:8000", "127.0.0.1:8000", "ftp://a", "", "http://user:word@a:8000"])("%s is refused", (given) =>
    expect(() => normalizeBaseUrl(given)).toThrow(UsageError),
  );

  test.each([
    ["127.0.0.1", "http://127.0.0.1:8000"],
    ["0.0.0.0", "http://127.0.0.1:8000"],
    ["::", "http://[::1]:8000"],
    ["gpu-1", "http://gpu-1:8000"],
  ])("of a server listening on %s is %s", (host, expected) => expect(baseUrlOf(host, 8000)).toBe(expected));
});
