import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { writeJson } from "../../../src/files.ts";
import { placeholderRecord } from "../../../src/verbs/benchmark/placeholder-record.ts";
import { engineFile, runFile } from "../../../src/working-folder/names.ts";
import { accuracyRoom, numberIn } from "../../support/accuracy-room.ts";
import { chatAnswer, type Question } from "../../support/answering-server.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/** Right but for the questions above a number. */
const rightBelow =
  (limit: number) =>
  ({ question }: Question) =>
    chatAnswer(numberIn(question) < limit ? String(numberIn(question)) : "no");

test("a known server gets its known score, in the report, the cell and the run document", async () => {
  await using room = await accuracyRoom(40, rightBelow(36));
  const outcome = await room.check();
  expect(outcome).toMatchObject({
    ok: true,
    outputs: { score: 0.9, samples: 40, unanswered: 0, gate: "off", comparison: null },
  });
  const { results, model, simulated } = await room.report();
  expect([model, simulated]).toEqual(["m", false]);
  expect(results[0]).toMatchObject({ task: "mine", score: 0.9, correct: 36, total: 40, ok: true });
  const { cells } = await room.publish();
  expect(cells).toMatchObject([
    {
      id: "check-accuracy/mine",
      status: "ok",
      metrics: { score: 0.9, samples: 40 },
      params: { endpoint: "chat", temperature: 0 },
    },
  ]);
  expect(Object.values(cells[0]?.status === "ok" ? cells[0].outcomes! : {})).toEqual([
    "wrong",
    "wrong",
    "wrong",
    "wrong",
  ]);
});

test.for([
  { minScore: 0.5, ok: true, gate: "pass" },
  { minScore: 0.85, ok: true, gate: "too_few_to_decide" },
  { minScore: 0.92, ok: false, gate: "too_few_to_decide" },
  { minScore: 1, ok: false, gate: "fail" },
])("0.9 beside a least of $minScore", async ({ minScore, ok, gate }) => {
  await using room = await accuracyRoom(40, rightBelow(36));
  expect(await room.check({ minScore })).toMatchObject({ ok, outputs: { gate } });
});

test("answers that are none leave no score, fail the cell and say how many", async () => {
  await using room = await accuracyRoom(20, ({ question }) =>
    numberIn(question) < 3 ? chatAnswer(null) : chatAnswer(String(numberIn(question))),
  );
  const outcome = await room.check({ minScore: 0.5 });
  expect(outcome).toMatchObject({ ok: false, outputs: { score: null, samples: 20, unanswered: 3 } });
  expect(outcome.text).toContain("incomplete: 3 of 20 samples have no answer: no_text ×3");
  expect(outcome.failures).toMatchObject([{ reason: "incomplete_requests" }]);
  expect(await room.cells()).toMatchObject([{ status: "failed", reason: "incomplete_requests" }]);
  const [result] = (await room.report()).results;
  expect([result!.status, result!.unanswered]).toEqual(["incomplete", { no_text: 3 }]);
});

test("the smoke test is asked by default, and is named as one", async () => {
  await using room = await accuracyRoom(1, () => chatAnswer("A"));
  const { outputs, text } = await room.check({ samplesFile: undefined, accuracyTask: undefined });
  expect(outputs).toMatchObject({ samples: 72, score: 6 / 72 });
  expect(text).toContain("a smoke test: it shows that the model answers in its right mind, not how good it is");
});

test("a base URL may end in /v1, and a result is kept as an artefact", async () => {
  await using room = await accuracyRoom(4, rightBelow(4));
  const artifacts = room.fixture.getPath("artifacts");
  await room.check({ baseUrl: `${room.server.url}/v1/`, artifacts });
  const [moment] = await readdir(artifacts);
  expect(moment).toMatch(/^\d{8}T\d{6}Z$/);
  expect(JSON.parse(await room.fixture.readFile(`artifacts/${moment}/result.json`, "utf8"))).toMatchObject({
    ...{ task: "mine", score: 1, correct: 4, total: 4, ok: true },
  });
});

test("a loss shows sample by sample beside an earlier report", async () => {
  await using room = await accuracyRoom(40, rightBelow(36));
  await room.check();
  const against = room.fixture.getPath("before.json");
  await room.fixture.cp(`${room.output}/accuracy.json`, "before.json");
  room.rules.now = rightBelow(29);
  const outcome = await room.check({ against });
  expect(outcome).toMatchObject({ ok: false, outputs: { comparison: "worse" } });
  expect(outcome.text).toContain("worse (7 lost, 0 gained of 40 samples, p 0.016)");
  expect(outcome.text).toContain("lost: Say 29 → no (right: 29)");
});

test("an earlier report on other samples is an error before anything is asked, and one on some of them is compared on those", async () => {
  await using room = await accuracyRoom(4, rightBelow(4));
  await room.fixture.writeFile("other.jsonl", JSON.stringify({ question: "Say 9", answer: "9" }));
  await room.check({ samplesFile: room.fixture.getPath("other.jsonl") });
  await room.fixture.cp(`${room.output}/accuracy.json`, "other.json");
  await expect(room.check({ against: room.fixture.getPath("other.json") })).rejects.toThrow(
    "answered none of these samples of mine: there is nothing to compare",
  );
  await room.check();
  await room.fixture.cp(`${room.output}/accuracy.json`, "all.json");
  const { text } = await room.check({ against: room.fixture.getPath("all.json"), maxSamples: 3 });
  expect(text).toContain("0 lost, 0 gained of 3 samples");
});

test("runs of the history are held against the last good one, however often a loss is published", async () => {
  await using room = await accuracyRoom(40, rightBelow(36));
  const next = () => room.check({ database: room.database });
  expect((await next()).outputs.comparison).toBe(null);
  const { id } = await room.publish();
  room.rules.now = rightBelow(29);
  for (const _ of [1, 2]) {
    expect(await next()).toMatchObject({ ok: false, outputs: { comparison: "worse" } });
    expect((await room.report()).results[0]!.comparison!.against).toBe(`run ${id}`);
    await room.publish();
  }
  room.rules.now = rightBelow(35);
  expect(await next()).toMatchObject({ ok: true, outputs: { comparison: "no_difference_shown" } });
});

test("a run document of earlier is taken, and one of other samples refused", async () => {
  await using room = await accuracyRoom(10, rightBelow(10));
  await room.check();
  await room.publish();
  const against = room.fixture.getPath("run.json");
  await room.fixture.cp(runFile(room.output), "run.json");
  expect((await room.check({ against })).outputs.comparison).toBe("no_difference_shown");
  await expect(room.check({ against, maxSamples: 5 })).rejects.toThrow(
    /has no check-accuracy\/mine with the same samples/,
  );
});

test("accuracy.yaml of the environment is taken, flags go before it, and it may switch the check off", async () => {
  await using room = await accuracyRoom(10, rightBelow(8));

  await room.fixture.writeFile(
    "accuracy.yaml",
    "task: theirs\nsamples_file: mine.jsonl\nmax_samples: 4\nmin_score: 0.5\n",
  );
  await room.fixture.writeFile("off.yaml", "enabled: false\n");
  const given = { samplesFile: undefined, accuracyTask: undefined };
  const tools = (name: string) =>
    recordingTools({ env: { ...process.env, VLLM_CIBENCH_ACCURACY_CONFIG: room.fixture.getPath(name) } });
  await room.check(given, tools("accuracy.yaml"));
  expect((await room.report()).results[0]).toMatchObject({ task: "theirs", total: 4, minScore: 0.5 });
  await room.check({ ...given, maxSamples: 2 }, tools("accuracy.yaml"));
  expect((await room.report()).results[0]).toMatchObject({ total: 2 });
  expect(await room.check(given, tools("off.yaml"))).toMatchObject({ ok: true, outputs: { gate: "off", score: null } });
});

test("an interrupted check leaves its cell as cancelled and no report of an earlier one", async () => {
  const stop = new AbortController();
  await using room = await accuracyRoom(10, rightBelow(10));
  await room.check();
  room.rules.now = ({ question }) => {
    if (!question.startsWith("Say")) return chatAnswer("ready");
    stop.abort(new Error("stopped"));
    return "silence";
  };
  expect((await room.check({}, recordingTools({ signal: stop.signal }))).ok).toBe(false);
  expect(await room.cells()).toMatchObject([{ status: "skipped", reason: "cancelled" }]);
  await expect(room.report()).rejects.toThrow("could not be read");
});

test("an engine that died before leaves a failed cell with the reason", async () => {
  await using room = await accuracyRoom(3, rightBelow(3));
  const record = placeholderRecord({ engine: "vllm", model: "m", engineArgs: [] });
  await writeJson(engineFile(room.output), {
    ...record,
    baseUrl: room.server.url,
    pid: 2 ** 22 - 1,
    processStart: "1",
  });
  const outcome = await room.check({ baseUrl: undefined });
  expect(outcome).toMatchObject({ ok: false, outputs: { score: null, samples: 0 } });
  expect(await room.cells()).toMatchObject([{ status: "failed", reason: "engine_crashed" }]);
});
