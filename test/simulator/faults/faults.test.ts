import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { piecesOf } from "../../../src/simulator/answer/faulty-sink.ts";
import { FAULT_FORMS, faultsOf, parseFaults } from "../../../src/simulator/faults/faults.ts";
import { JSON_HEADERS } from "../../support/json-headers.ts";
import { type RunningSimulator, startSimulator } from "../../support/simulator.ts";

describe("a fault's name", () => {
  test.each([
    ["status", { status: 500 }],
    ["status=503", { status: 503 }],
    ["stall=0.5@3", { stall: { seconds: 0.5, afterTokens: 3 } }],
    ["stall=2", { stall: { seconds: 2, afterTokens: 1 } }],
    ["hang=0", { stall: { seconds: Number.POSITIVE_INFINITY, afterTokens: 0 } }],
    ["crlf, pings,merge=5", { crlf: true, pings: true, merge: 5 }],
  ])("%s is understood", (text, faults) => expect(parseFaults(text)).toEqual(faults));

  test.each(["status=200", "status=", "cut=-1", "cut=1.5", "merge=0", "reset=1", "stall=x", "stall=1@2@3", "short=0"])(
    "%s is refused with its right form",
    (text) => expect(() => parseFaults(text)).toThrow(/is not like (status|cut|merge|reset|stall|short)/),
  );

  test("that is unknown is answered with those that are known", () => {
    expect(() => parseFaults("explode")).toThrow(`unknown fault “explode”; known are ${FAULT_FORMS.join(", ")}`);
    expect(() => parseFaults("constructor")).toThrow("unknown fault");
  });
});

test("a plan of faults picks every n-th request from a first one on; a header overrides it", () => {
  const plan = { faults: { status: 500 }, every: 3, from: 2 };
  const faulty = [1, 2, 3, 4, 5, 6, 7, 8].filter((n) => faultsOf(plan, n, undefined).status !== undefined);
  expect(faulty).toEqual([4, 7]);
  expect(faultsOf(plan, 4, "crlf")).toEqual({ crlf: true });
  expect(faultsOf(null, 4, undefined)).toEqual({});
});

test("pieces of an event cut its first character of several bytes, and are all of it", () => {
  const bytes = Buffer.from("data: é\n\n");
  expect(piecesOf(bytes)[0]).toEqual(Buffer.concat([Buffer.from("data: "), bytes.subarray(6, 7)]));
  expect(Buffer.concat(piecesOf(bytes))).toEqual(bytes);
  expect(Buffer.concat(piecesOf(Buffer.from("data: e\n\n"))).toString()).toBe("data: e\n\n");
});

describe("a request with the header x-pitwall-fault", () => {
  let engine: RunningSimulator;
  beforeAll(async () => {
    engine = await startSimulator();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const ask = (fault: string, body: object = {}, signal?: AbortSignal) =>
    fetch(`${engine.url}/v1/completions`, {
      method: "POST",
      headers: { ...JSON_HEADERS, "x-pitwall-fault": fault },
      body: JSON.stringify({ prompt: [1, 2, 3], max_tokens: 8, stream: true, ...body }),
      signal: signal ?? null,
    });
  const events = (text: string) => text.split("\n\n").filter((event) => event.startsWith("data: {"));

  /** What arrived of a body before it ended or broke. */
  async function readAll(response: Response): Promise<{ pieces: Uint8Array[]; broke: boolean }> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of response.body!) pieces.push(piece);
      return { pieces, broke: false };
    } catch {
      return { pieces, broke: true };
    }
  }
  const textOf = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString("utf8");

  test("gets the HTTP status it asks for", async () => {
    const response = await ask("status=503");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("simulated"), code: 503 },
    });
  });

  test("is told which faults there are", async () => {
    const response = await ask("explode");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("known are status=NNN, reset"), param: "x-pitwall-fault" },
    });
  });

  test("gets an error inside the stream after some tokens, and the stream's proper end", async () => {
    const text = await (await ask("error=3")).text();
    const [first, second, third, error, ...more] = events(text).map((event) => JSON.parse(event.slice(6)));
    expect([first, second, third].every(({ choices }) => choices.length === 1)).toBe(true);
    expect([error, more]).toEqual([{ error: expect.objectContaining({ code: 500 }) }, []]);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("is cut off after some tokens: no finish reason, no [DONE], no end", async () => {
    const { pieces, broke } = await readAll(await ask("cut=3"));
    expect(broke).toBe(true);
    expect(events(textOf(pieces))).toHaveLength(3);
    expect(textOf(pieces)).not.toMatch(/\[DONE\]|"length"/);
  });

  test("waits in mid-stream and gets all of it", async () => {
    const started = performance.now();
    const text = await (await ask("stall=0.3@2")).text();
    expect(performance.now() - started).toBeGreaterThanOrEqual(300);
    expect(events(text)).toHaveLength(8);
  });

  test("waits for ever, until it goes away", async () => {
    const client = new AbortController();
    const response = await ask("hang=2", {}, client.signal);
    const reader = response.body!.getReader();
    let text = "";
    while (events(text).length < 2) text += Buffer.from((await reader.read()).value!).toString();
    const more = reader.read();
    const waited = new Promise((resolve) => setTimeout(resolve, 100, "nothing"));
    expect(await Promise.race([more, waited])).toBe("nothing");
    client.abort();
    await expect(more).rejects.toThrow();
  });

  test("gets each event in pieces, cut inside characters", async () => {
    const { pieces } = await readAll(await ask("split"));
    const isWhole = (piece: Uint8Array) => !Buffer.from(piece).toString("utf8").includes("\ufffd");
    // On a busy machine what was sent in pieces can be read as one.
    const cutPieces = async () => (await readAll(await ask("split"))).pieces.filter((piece) => !isWhole(piece)).length;
    await expect.poll(cutPieces, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(events(textOf(pieces)).map((event) => JSON.parse(event.slice(6)).choices[0].text)).toEqual(
      [1, 2].flatMap(() => [" simulé", " 模拟", " 🤖", " simulated"]),
    );
    expect(textOf(pieces).endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("gets the events of several tokens at once", async () => {
    const { pieces } = await readAll(await ask("merge=4"));
    const counts = pieces.map((piece) => events(textOf([piece])).length).filter((count) => count > 0);
    expect(counts.every((count) => count % 4 === 0)).toBe(true);
    expect(events(textOf(pieces))).toHaveLength(8);
  });

  test("gets comments and other line ends", async () => {
    const text = await (await ask("pings,crlf")).text();
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(text.split("\r\n\r\n").filter((event) => event.startsWith(": ping"))).toHaveLength(9);
    expect(events(text.replaceAll("\r\n", "\n"))).toHaveLength(8);
  });

  test("gets fewer tokens than it asked for", async () => {
    const text = await (await ask("short=3", { stream_options: { include_usage: true } })).text();
    const chunks = events(text).map((event) => JSON.parse(event.slice(6)));
    expect(chunks.at(-1).usage.completion_tokens).toBe(5);
    expect(chunks.at(-2).choices[0].finish_reason).toBe("stop");
  });

  test("has its connection reset", async () => {
    await expect(ask("reset")).rejects.toThrow();
  });

  test("that is not streamed can fail, be cut, wait and be short as well", async () => {
    const whole = { stream: false };
    expect((await ask("error=1", whole)).status).toBe(500);
    expect((await readAll(await ask("cut=1", whole))).broke).toBe(true);
    expect((await ask("stall=0.05@1", whole)).status).toBe(200);
    expect(await (await ask("short=2", whole)).json()).toMatchObject({ usage: { completion_tokens: 6 } });
  });
});

test("an engine that refuses connections for a while comes back on the same port", async () => {
  await using engine = await startSimulator();
  const health = () => fetch(`${engine.url}/health`, { headers: { connection: "close" } });
  const ask = (headers = {}) =>
    fetch(`${engine.url}/v1/completions`, {
      method: "POST",
      headers: { ...JSON_HEADERS, connection: "close", ...headers },
      body: JSON.stringify({ prompt: [1], max_tokens: 1 }),
    });
  expect((await ask()).status).toBe(200);
  await expect(ask({ "x-pitwall-fault": "refuse=0.5" })).rejects.toThrow();
  await expect(health()).rejects.toThrow();
  await expect.poll(async () => (await health().catch(() => null))?.status, { timeout: 5000 }).toBe(200);
});

test("faults by flag hit every n-th request from a first one on", async () => {
  await using engine = await startSimulator("--fault", "status=418", "--fault-every", "2", "--fault-from", "2");
  const statuses: number[] = [];
  for (const _ of [1, 2, 3, 4, 5]) {
    const body = JSON.stringify({ prompt: [1], max_tokens: 1 });
    statuses.push(
      (await fetch(`${engine.url}/v1/completions`, { method: "POST", headers: JSON_HEADERS, body })).status,
    );
  }
  expect(statuses).toEqual([200, 200, 418, 200, 418]);
});
