import { join } from "node:path";
import { expect, test } from "vitest";
import { accuracyRoom, numberIn } from "../../support/accuracy-room.ts";
import { chatAnswer, type Question, type Said } from "../../support/answering-server.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const PROGRAM = join(import.meta.dirname, "../../support/fake-lm-eval.ts");
const LM_EVAL = { evaluator: "lm-eval", tasks: "both", samplesFile: undefined, accuracyTask: undefined };
const right = ({ question }: Question): Said => chatAnswer(String(numberIn(question)));

async function room(mode: string, rule = right) {
  const own = await accuracyRoom(1, rule);
  await own.fixture.writeFile("lm-eval", `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, { mode: 0o755 });
  const env = {
    ...process.env,
    PITWALL_LM_EVAL: own.fixture.getPath("lm-eval"),
    FAKE_LM_EVAL: mode,
    PITWALL_API_KEY: "k3y",
  };
  const written = async (name: string) =>
    JSON.parse(await own.fixture.readFile(`out/raw/lm-eval/both/${name}`, "utf8"));
  return {
    own,
    check: (more: object = {}) => own.check({ ...LM_EVAL, ...more }, recordingTools({ env })),
    written,
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
}

test("its scores are cells, and it is told of our proxy, never of the server's key", async () => {
  await using at = await room("ok");
  const outcome = await at.check({ lmEvalArgs: "--include_path tasks", maxSamples: 12, parallel: 4, minScore: 0.1 });
  expect(outcome).toMatchObject({ ok: true, outputs: { gate: "pass" } });
  const cells = await at.own.cells();
  expect(cells.map(({ id, client }) => [id, client.version])).toContainEqual(["check-accuracy/say", "0.4.13"]);
  expect(cells).toHaveLength(5);
  const args: string[] = await at.written("args");
  const line = args.join(" ");
  expect(line).toMatch(
    /--model local-chat-completions --model_args base_url=http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions,model=m,num_concurrent=4 /,
  );
  expect(line).toMatch(/--tasks both .*--log_samples --apply_chat_template --limit 12 --include_path tasks$/);
  expect(line).not.toContain(at.own.server.url);
  expect(JSON.stringify(await at.written("env"))).not.toContain("k3y");
});

test("what it scores without an answer is incomplete, not wrong", async () => {
  await using at = await room("ok", (question) =>
    numberIn(question.question) === 3 ? { status: 200, body: {} } : right(question),
  );
  const outcome = await at.check();
  expect(outcome).toMatchObject({ ok: false, outputs: { score: null } });
  expect(outcome.text).toContain("say: no score\n  incomplete: 1 of 12 samples have no answer: no_choices ×1");
  expect((await at.own.cells()).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "failed"));
});

test.for([
  ["exit-1", "lm-eval ended with exit code 1", "HTTPError: 500"],
  ["no-file", "lm-eval ended with exit code 0 but wrote no results", ""],
  ["damaged", expect.stringMatching(/results_.*json is not valid JSON/), ""],
] as const)("%s is a failed cell with the end of its log", async ([mode, detail, log]) => {
  await using at = await room(mode);
  expect((await at.check()).ok).toBe(false);
  expect(await at.own.cells()).toMatchObject([
    {
      id: "check-accuracy/both",
      status: "failed",
      reason: "client_failed",
      detail,
      logTail: expect.stringContaining(log),
    },
  ]);
});

test.for([
  [{ lmEvalArgs: "--model hf" }, "lm-eval gets --model from pitwall: leave it out of its arguments"],
  [{ tasks: undefined }, "--evaluator lm-eval needs --tasks, as lm-eval names them"],
] as const)("%j is refused", async ([given, words]) => {
  await using at = await room("ok");
  await expect(at.check(given)).rejects.toThrow(words);
});

test("without the program it says how to get it", async () => {
  await using own = await accuracyRoom(1, right);
  const tools = recordingTools({ env: { ...process.env, PITWALL_LM_EVAL: "/nowhere/lm-eval" } });
  await expect(own.check(LM_EVAL, tools)).rejects.toThrow(
    'PITWALL_LM_EVAL names /nowhere/lm-eval, which is no program: install it (pip install "lm-eval[api]")',
  );
});
