import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { accuracyRoom, numberIn } from "../support/accuracy-room.ts";
import { chatAnswer, type Question, type Said } from "../support/answering-server.ts";
import { recordingTools } from "../support/recording-tools.ts";

/** A task with its data beside it: nothing is fetched. */
const task = (folder: string) => `task: say
dataset_path: json
dataset_kwargs: {data_files: {test: ${folder}/mine.jsonl}}
test_split: test
output_type: generate_until
doc_to_text: "{{question}}"
doc_to_target: "{{answer}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 16, temperature: 0.0}
metric_list: [{metric: exact_match, aggregation: mean, higher_is_better: true}]
metadata: {version: 1.0}
`;

async function checked(rule: (question: Question) => Said) {
  await using room = await accuracyRoom(12, rule);
  await room.fixture.mkdir("tasks");
  await room.fixture.writeFile("tasks/say.yaml", task(room.fixture.path));
  const env = {
    ...process.env,
    ...{ HF_HUB_OFFLINE: "1", HF_DATASETS_OFFLINE: "1", HF_HOME: room.fixture.getPath("cache") },
    PITWALL_LM_EVAL: join(inject("lmEval"), "bin/lm-eval"),
  };
  const given = { evaluator: "lm-eval", tasks: "say", samplesFile: undefined, accuracyTask: undefined };
  const lmEvalArgs = `--include_path ${room.fixture.getPath("tasks")}`;
  const { ok, outputs } = await room.check({ ...given, lmEvalArgs }, recordingTools({ env }));
  return { ok, outputs, report: await room.report() };
}

const right = ({ question }: Question) => {
  const number = numberIn(question);
  return chatAnswer(number < 9 ? String(number) : "no");
};

test("lm-eval scores a known server as it is, sample by sample", async () => {
  const { ok, outputs, report } = await checked(right);
  expect({ ok, score: outputs.score }).toEqual({ ok: true, score: 0.75 });
  const [result] = report.results;
  expect(result).toMatchObject({
    task: "say",
    correct: 9,
    total: 12,
    params: { filter: "none", evaluatorVersion: "0.4.13" },
  });
  expect(result!.samples.filter(({ outcome }) => outcome === "wrong").map(({ right }) => right)).toEqual([
    "9",
    "10",
    "11",
  ]);
});

test("answers that lm-eval scores as wrong without a word leave no score", async () => {
  const { ok, outputs, report } = await checked((question) => {
    const number = numberIn(question.question);
    if (number === 3) return { status: 200, body: { id: "x" } };
    return number === 5 ? chatAnswer(null) : right(question);
  });
  expect({ ok, score: outputs.score }).toEqual({ ok: false, score: null });
  expect(report.results[0]).toMatchObject({ status: "incomplete", unanswered: { no_choices: 1, no_text: 1 } });
});
