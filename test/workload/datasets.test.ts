import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UsageError, UserError } from "../../src/errors.ts";
import { readJsonArray } from "../../src/workload/datasets/json-array.ts";
import { readPromptLines } from "../../src/workload/datasets/prompt-lines.ts";
import { readShareGpt } from "../../src/workload/datasets/share-gpt.ts";
import { readTrace } from "../../src/workload/datasets/trace.ts";
import { requestMaker } from "../../src/workload/request-maker.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pitwall-datasets-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function file(content: string): Promise<string> {
  const path = join(folder, `data-${files++}`);
  await writeFile(path, content);
  return path;
}
const lines = (...values: unknown[]) => file(`${values.map((value) => JSON.stringify(value)).join("\n")}\n`);
const absent = () => join(folder, "absent");

describe("ShareGPT", () => {
  const said = (prompt: string, reply: string) => ({
    id: "x",
    conversations: [
      { from: "human", value: prompt },
      { from: "gpt", value: reply },
    ],
  });
  const read = async (...entries: unknown[]) => readShareGpt(await file(JSON.stringify(entries)));

  test("gives the first human turn, and a quarter of the reply's characters as tokens to ask for", async () => {
    expect(await read(said("Why?", "Because."), said("Naïve “ü” 漢字 😀 \\", "x".repeat(9)))).toEqual({
      entries: [
        { prompt: "Why?", inputTokens: null, outputTokens: 2 },
        { prompt: "Naïve “ü” 漢字 😀 \\", inputTokens: null, outputTokens: 3 },
      ],
      skipped: { unusable: 0, tooLong: 0 },
    });
  });

  test("knows role and content, passes over a system turn, and asks for 2,048 tokens at most", async () => {
    const conversations = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
      { role: "assistant", content: "x".repeat(100_000) },
      { role: "user", content: "Bye" },
    ];
    expect((await read({ conversations })).entries).toEqual([{ prompt: "Hi", inputTokens: null, outputTokens: 2048 }]);
  });

  test("skips what has no prompt with a reply or a prompt of more than about 1,024 tokens, and says how many", async () => {
    const [human, gpt] = said("Q", "A").conversations as [object, object];
    const unusable = [
      {},
      { conversations: "x" },
      { conversations: [] },
      { conversations: [human] },
      { conversations: [human, human] },
      { conversations: [gpt, gpt] },
      { conversations: [{ from: "human" }, gpt] },
      said("", "A"),
      said("Q", ""),
    ];
    const { entries, skipped } = await read(...unusable, said("x".repeat(4097), "A"), said("x".repeat(4096), "A"));
    expect(skipped).toEqual({ unusable: 9, tooLong: 1 });
    expect(entries).toHaveLength(1);
  });

  test("of nothing usable says what an entry looks like", async () => {
    await expect(read({ text: "no" })).rejects.toThrow(/holds no usable conversation \(1 without.*"from": "human"/);
  });

  test("spread over lines is read whole too", async () => {
    const path = await file(`\uFEFF${JSON.stringify([said("a", "b"), said('{["\\"]}', "d")], null, 2)}\n`);
    expect((await readShareGpt(path)).entries.map(({ prompt }) => prompt)).toEqual(["a", '{["\\"]}']);
  });
});

describe("a JSON list", () => {
  async function collect(content: string) {
    const elements = [];
    for await (const element of readJsonArray(await file(content))) elements.push(element);
    return elements;
  }

  test("of megabytes, with objects across every boundary of a read, is as JSON.parse sees it", async () => {
    const list = Array.from({ length: 4000 }, (_, i) => ({
      i,
      text: `é"\\[{😀${"x".repeat(i % 997)}`,
      deep: [{ a: [i] }],
    }));
    const values = (await collect(JSON.stringify(list))).map(({ value }) => value);
    expect(values).toEqual(list);
  });

  test("tells the line that each object begins on", async () => {
    expect((await collect('[\n{"a": 1},\n\n{\n"b": 2}]')).map(({ line }) => line)).toEqual([2, 4]);
    expect(await collect("[]")).toEqual([]);
  });

  test.each([
    ["", /line 1, is empty/],
    ['{"a": 1}', /line 1, does not begin with \[/],
    ['[{"a": 1},\n{"b": ', /line 2, ends before its list does/],
    ['[{"a": 1}', /ends before its list does/],
    ['[{"a": 1},\n{"b": nope}]', /line 2, is not valid JSON/],
    ["[\n1]", /line 2, holds something else than objects/],
    ['[{"a": 1}]\n[', /line 2, goes on after the end/],
  ])("%j is refused naming file and line", async (content, message) => {
    await expect(collect(content)).rejects.toThrow(UserError);
    await expect(collect(content)).rejects.toThrow(message);
    await expect(collect(content)).rejects.toThrow(folder);
  });

  test("that is not there is a sentence", async () => {
    await expect(readShareGpt(absent())).rejects.toThrow(/absent could not be read: it does not exist/);
  });
});

describe("prompts of one's own", () => {
  const read = (path: string) => readPromptLines(path, { defaultOutputLen: 7 });

  test("are text, token ids or messages, with a length of their own or the default", async () => {
    const messages = [{ role: "user", content: "Hi" }];
    const path = await lines({ prompt: "Why?", output_tokens: 3 }, { prompt: [1, 2, 3] }, { prompt: messages });
    expect(await read(path)).toEqual([
      { prompt: "Why?", inputTokens: null, outputTokens: 3 },
      { prompt: [1, 2, 3], inputTokens: 3, outputTokens: 7 },
      { prompt: messages, inputTokens: null, outputTokens: 7 },
    ]);
  });

  test("may have empty lines, Windows line ends and a byte order mark", async () => {
    expect(await read(await file('\uFEFF{"prompt": "a"}\r\n\r\n{"prompt": "b"}'))).toHaveLength(2);
  });

  test.each([
    ['{"prompt": "a"}\n{"prompt": "b"', /line 2, is not valid JSON/],
    ['{"prompt": ""}', /line 1, does not have the expected form:\nprompt: must not be empty/],
    ['{"prompt": []}', /text, a list of token ids/],
    ['{"prompt": [1.5]}', /text, a list of token ids/],
    ['{"prompt": "a", "output_len": 4}', /line 1, [\s\S]*output_len/],
    ['{"prompt": "a", "output_tokens": 0}', /line 1, [\s\S]*output_tokens/],
    ["\n\n", /is empty/],
  ])("%j is refused naming file and line", async (content, message) => {
    const path = await file(content);
    await expect(read(path)).rejects.toThrow(message);
    await expect(read(path)).rejects.toThrow(path);
  });

  test("that are not there, and a default that is no length, are sentences", async () => {
    await expect(read(absent())).rejects.toThrow(/absent could not be read/);
    await expect(readPromptLines(absent(), { defaultOutputLen: 0 })).rejects.toThrow(UsageError);
  });
});

describe("a trace", () => {
  const read = async (path: Promise<string>, speed = 1) => readTrace(await path, { speed });
  const mooncake = [
    { timestamp: 27482, input_length: 1300, output_length: 52, hash_ids: [46, 47, 48] },
    { timestamp: 30535, input_length: 1100, output_length: 26, hash_ids: [46, 47, 2366] },
  ];

  test("in Mooncake's form starts with its first request, in ms, as fast as asked", async () => {
    const { arrivals, prompts } = await read(lines(...mooncake), 2);
    expect([...(arrivals.timesMs as Float64Array)]).toEqual([0, 1526.5]);
    expect(prompts.requests[0]).toEqual({
      inputTokens: 1300,
      outputTokens: 52,
      hashIds: [46, 47, 48],
      sharedPrefix: null,
    });
  });

  test("makes prompts that share exactly the blocks with equal ids", async () => {
    const { prompts } = await read(lines(...mooncake));
    const api = { model: "m", endpoint: "completions", continuousUsage: false, temperature: 0 } as const;
    const make = requestMaker(prompts, api, { seed: 4, part: "measured" });
    const [a, b] = [0, 1].map((index) => JSON.parse(make(index).body.toString()).prompt) as [number[], number[]];
    expect(b.findIndex((id, i) => id !== a[i])).toBeGreaterThanOrEqual(1024);
    expect(b.findIndex((id, i) => id !== a[i])).toBeLessThan(1030);
  });

  test("takes seconds or ms by name, sorts by time, and numbers the prefixes", async () => {
    const at = (time: object, id: string | number) => ({
      ...time,
      input_length: 30,
      output_length: 4,
      shared_prefix: { id, tokens: 9 },
    });
    const path = lines(at({ timestamp_s: 2 }, "b"), at({ timestamp_ms: 1500 }, 1), at({ timestamp_s: 3.25 }, "b"));
    const { arrivals, prompts } = await read(path);
    expect([...(arrivals.timesMs as Float64Array)]).toEqual([0, 500, 1750]);
    expect(prompts.requests.map(({ sharedPrefix }) => sharedPrefix!.id)).toEqual([0, 1, 1]);
  });

  const good = { timestamp: 1, input_length: 600, output_length: 4 };
  test.each<[object, RegExp]>([
    [{ ...good, timestamp: undefined }, /line 2, [\s\S]*exactly one of timestamp/],
    [{ ...good, timestamp_s: 1 }, /exactly one of timestamp/],
    [{ ...good, timestamp: -1 }, /line 2, [\s\S]*timestamp/],
    [{ ...good, output_length: 0 }, /line 2, [\s\S]*output_length/],
    [{ ...good, input_length: "600" }, /input_length/],
    [{ ...good, hash_ids: [1, 2, 3] }, /has 3 hash_ids, but its input_length fills only 2 blocks of 512/],
    [{ ...good, hash_ids: [1], shared_prefix: { id: 1, tokens: 5 } }, /both hash_ids and shared_prefix/],
    [{ ...good, shared_prefix: { id: 1, tokens: 601 } }, /more tokens than its input_length/],
  ])("%j is refused naming file and line", async (line, message) => {
    const path = await lines(good, line);
    await expect(readTrace(path, { speed: 1 })).rejects.toThrow(message);
    await expect(readTrace(path, { speed: 1 })).rejects.toThrow(path);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("at speed %d is refused", async (speed) => {
    await expect(read(lines(good), speed)).rejects.toThrow(/speed of the trace is .*above 0/);
  });
});
