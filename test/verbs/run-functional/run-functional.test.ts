import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { runFunctional } from "../../../src/verbs/run-functional/run-functional.ts";
import { inProcess } from "../../support/command-line.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { chatAnswer, MODELS, refusal, type Says, scriptedApi } from "../../support/scripted-api.ts";

const CASES = `
suite: true
cases: [{id: chat_hello, type: chat, messages: [{role: user, content: Hi}]}]
negative: {completions: [{id_prefix: bad, prompt: Hi, params_list: [{n: 0}]}]}
`;

test("prints {chat, completions} of a file's cases, and writes nothing", async () => {
  await using fixture = await createFixture({ "functional.yaml": CASES });
  const says: Says = ({ path }) => {
    if (path === "/v1/models") return [200, MODELS];
    return path === "/v1/chat/completions" ? [200, chatAnswer()] : [400, refusal()];
  };
  await using api = await scriptedApi(says);
  const given = { baseUrl: `${api.url}/v1`, model: "tiny", cases: fixture.getPath("functional.yaml") };
  const { ok, json, text } = await runFunctional.run(runFunctional.inputs.parse(given), recordingTools({ env: {} }));
  expect(ok).toBe(true);
  expect(json).toMatchObject({
    chat: { summary: { total: 1, passed: 1, failed: 0, skipped: 0 }, results: [{ id: "chat_hello", ok: true }] },
    completions: { summary: { total: 1, passed: 1 }, results: [{ id: "bad_0", ok: true, error: null }] },
  });
  expect(JSON.parse(text!)).toEqual(json);
});

test("takes its file by --config, as the scripts write it, and a case that is not as it must be fails it", async () => {
  await using fixture = await createFixture({ "functional.yaml": CASES });
  await using api = await scriptedApi(({ path }) => (path === "/v1/models" ? [200, MODELS] : [200, chatAnswer()]));
  const args = [
    "run-functional",
    "--base-url",
    api.url,
    "--repeats",
    "0",
    "--config",
    fixture.getPath("functional.yaml"),
  ];
  expect((await inProcess(args)).exitCode).toBe(1);
  expect(api.asked.map(({ path }) => path).filter((path) => path === "/v1/completions")).not.toEqual([]);
});
