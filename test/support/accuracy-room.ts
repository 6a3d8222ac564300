import { createFixture } from "fs-fixture";
import { AccuracyReport } from "../../src/accuracy/report/result.ts";
import { readJson } from "../../src/files.ts";
import { Run } from "../../src/result/document/run.ts";
import { checkAccuracy } from "../../src/verbs/check-accuracy/check-accuracy.ts";
import { postProcess } from "../../src/verbs/post-process/post-process.ts";
import { publish } from "../../src/verbs/publish/publish.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { accuracyFile, runFile } from "../../src/working-folder/names.ts";
import { answeringServer, type Question, type Said } from "./answering-server.ts";
import { recordingTools } from "./recording-tools.ts";

/** Outside of any workflow, and of the checkout that the tests run in. */
const ENV = { PATH: process.env.PATH, HOME: process.env.HOME };

/** Questions that say what is right: “Say 7” is 7. */
const questions = (count: number) =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ question: `Say ${index}`, answer: String(index) })).join(
    "\n",
  );

/** The number that a question asks to say. */
export const numberIn = (question: string) => Number(/Say (\d+)/.exec(question)?.[1]);

/** A server that answers by a rule, which may be changed, samples of it, and a working folder. */
export async function accuracyRoom(count: number, rule: (question: Question) => Said) {
  const rules = { now: rule };
  const server = await answeringServer((question) => rules.now(question));
  const fixture = await createFixture({ "mine.jsonl": questions(count) });
  await fixture.mkdir("data");
  const output = fixture.getPath("out");
  const database = `folder:${fixture.getPath("data")}`;
  const given = { output, baseUrl: server.url, samplesFile: fixture.getPath("mine.jsonl"), accuracyTask: "mine" };
  return {
    server,
    fixture,
    output,
    database,
    rules,
    async check(more: object = {}, tools = recordingTools({ env: ENV })) {
      return await checkAccuracy.run(checkAccuracy.inputs.parse({ ...given, ...more }), tools);
    },
    report: () => readJson(accuracyFile(output), AccuracyReport),
    cells: () => readCells(output),
    /** As a workflow does it. @returns the run document */
    async publish() {
      await postProcess.run(postProcess.inputs.parse({ output, hostLabel: "h" }), recordingTools({ env: ENV }));
      await publish.run(publish.inputs.parse({ output, database }), recordingTools({ env: ENV }));
      return await readJson(runFile(output), Run);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await fixture.rm();
    },
  };
}
