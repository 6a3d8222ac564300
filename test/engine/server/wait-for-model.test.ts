import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { waitForModel } from "../../../src/engine/server/wait-for-model.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { type Picky, pickyServer } from "../../support/picky-server.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/** Something else until a moment that a test names. */
function later<T>(before: T, after: T) {
  let isLater = false;
  const arrive = () => {
    isLater = true;
  };
  return { now: () => (isLater ? after : before), arrive };
}

async function waited(picky: Picky, { model, limitSeconds = 30 }: { model?: string; limitSeconds?: number } = {}) {
  await using server = await pickyServer(picky);
  const tools = recordingTools();
  const patience = { limitSeconds, pollSeconds: 0.02 };
  const facts = await waitForModel({ baseUrl: server.baseUrl, model }, patience, tools);
  return { facts, said: tools.said.join("\n").replaceAll(server.baseUrl, "URL"), received: server.received };
}

/** One answer at first, another from the third time on. */
function thirdTime<T>(before: T, after: T): () => T {
  let times = 0;
  return () => (++times > 2 ? after : before);
}

const SMALL = ["--concurrency", "1", "--num-prompts", "3", "--warmup-requests", "0", "--client-limits", "off"];

describe("a server whose worker has not come yet", () => {
  test("is waited for by start-engine and by a benchmark, which say for what", async () => {
    await using folder = await createFixture();
    const model = later<string[]>([], ["x"]);
    const refuse = () => (model.now().length === 0 ? ([404, { message: "Model not found" }] as const) : undefined);
    await using server = await pickyServer({ models: model.now, refuse });
    const url = ["--base-url", server.baseUrl];
    // Each in a folder of its own: one at a time works in one.
    const start = ["start-engine", "--engine", "remote", "--model", "x", "--output", folder.getPath("engine")];
    const starting = startPitwall([...start, ...url]);
    const output = folder.getPath("serving");
    const serve = ["serve-benchmark", "--pairs", "5:3", "--output", output, ...SMALL, "--no-telemetry"];
    const serving = startPitwall([...serve, ...url]);
    const heard = (child: (typeof starting)["child"]) =>
      new Promise<void>((resolve) => {
        child.stdout!.on("data", (text) => /no model is listed yet/.test(String(text)) && resolve());
        child.stderr!.on("data", (text) => /no model is listed yet/.test(String(text)) && resolve());
      });
    await Promise.all([heard(starting.child), heard(serving.child)]);
    model.arrive();
    expect(await starting.ended).toMatchObject({ exitCode: 0 });
    expect(await serving.ended).toMatchObject({ exitCode: 0 });
    expect(await readCells(output)).toMatchObject([{ status: "measured" }]);
  });

  test("is a startup_timeout when it stays so, with what was seen last", async () => {
    await using folder = await createFixture();
    await using server = await pickyServer({ models: () => [] });
    const url = ["--base-url", server.baseUrl, "--output", folder.path, "--start-timeout", "0.5"];
    const started = await pitwall(["start-engine", "--engine", "remote", ...url]);
    expect(started.exitCode).toBe(1);
    expect(started.stderr).toMatch(/no model is listed at http:\S+ 0.5 s after the first look; --start-timeout/);
    const served = await pitwall(["serve-benchmark", "--pairs", "5:3", ...SMALL, ...url]);
    expect(served.exitCode).toBe(1);
    const swept = await pitwall(["latency-sweep", "--batch-sizes", "1", ...url]);
    expect(swept.exitCode).toBe(1);
    const failed = {
      status: "failed",
      reason: "startup_timeout",
      detail: expect.stringContaining("no model is listed"),
    };
    expect(await readCells(folder.path)).toMatchObject([failed, failed]);
  });

  test.each<[string, Picky, string]>([
    ["an empty list", { models: thirdTime([], ["m"]) }, "no model is listed yet at URL"],
    ["a list that is null", { list: thirdTime([200, { data: null }], undefined) }, "no model is listed yet at URL"],
    [
      "no list, and a good /health",
      { list: thirdTime([404, { message: "no worker" }], undefined) },
      'no list of models is served yet at URL (answered 404: "{\\"message\\":\\"no worker\\"}")',
    ],
    [
      "503 for the list, and no /health",
      { list: thirdTime([503, ""], undefined), health: 404 },
      'no list of models is served yet at URL (answered 503: "")',
    ],
    [
      "503 for the model",
      { refuse: thirdTime([503, { message: "not ready" }], undefined) },
      'the model “m” is not served yet at URL (answered 503: "{\\"message\\":\\"not ready\\"}")',
    ],
    [
      "404 for the model that it lists",
      { refuse: thirdTime([404, { message: "Model not found" }], undefined) },
      "the model “m” is not served yet at URL (answered 404:",
    ],
  ])("is waited for when it has %s", async (_, picky, state) => {
    const { facts, said } = await waited(picky);
    expect(facts.model).toBe("m");
    expect(said).toContain(`waiting: ${state}`);
  });

  test("may be cancelled meanwhile", async () => {
    await using server = await pickyServer({ models: () => [] });
    const cancel = new AbortController();
    const waiting = waitForModel({ baseUrl: server.baseUrl }, { limitSeconds: 60 }, recordingTools(cancel));
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ reason: "cancelled" });
  });
});

describe("a model that is not listed", () => {
  test("is served all the same when a request for it is answered", async () => {
    const { facts } = await waited({ models: () => ["unknown"] }, { model: "meta-llama/Llama-3.1-8B" });
    expect(facts).toMatchObject({ model: "meta-llama/Llama-3.1-8B", maxModelLen: null });
  });

  test("is served although nothing is listed, as by transformers serve before its first request", async () => {
    expect((await waited({ models: () => [] }, { model: "m" })).facts.model).toBe("m");
  });

  test("may be one of the chat endpoint alone", async () => {
    const refuse: Picky["refuse"] = (_, path) => (path.includes("chat") ? undefined : [404, { detail: "Not Found" }]);
    expect((await waited({ models: () => ["unknown"], refuse }, { model: "m" })).facts.model).toBe("m");
  });

  test("is an error at once when it is not answered either", async () => {
    const refuse = () => [404, { error: { message: "The model `x` does not exist." } }] as const;
    await expect(waited({ refuse }, { model: "x" })).rejects.toThrow(
      /does not serve the model “x”; it serves: m \(a request for it got 404: .*does not exist/,
    );
  });
});

test.each<[string, Picky, RegExp]>([
  ["HTML", { list: () => [200, "<html>"] }, /no list of models: "<html>". Is it an OpenAI-compatible server\?$/],
  ["HTML for what it lacks", { list: () => [404, "<html>"] }, /answered 404 and no list of models/],
  ["404 for everything", { list: () => [404, ""], health: 404 }, /answered 404 and no list of models/],
  ["401", { list: () => [401, ""] }, /it wants an API key/],
])("a server that answers %s is an error at once", async (_, picky, message) => {
  await expect(waited(picky)).rejects.toThrow(message);
});

test("a server that nobody listens for is an error at once", async () => {
  const baseUrl = `http://127.0.0.1:${await freePort("127.0.0.1", 0)}`;
  await expect(waitForModel({ baseUrl }, { limitSeconds: 60 }, recordingTools())).rejects.toThrow("ECONNREFUSED");
});
