import { existsSync } from "node:fs";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readJson } from "../../../src/files.ts";
import { FunctionalReport } from "../../../src/functional/report/report.ts";
import { checkFunctional } from "../../../src/verbs/check-functional/check-functional.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { chatAnswer, MODELS, refusal, type Says, scriptedApi } from "../../support/scripted-api.ts";

let fixture: FsFixture;
beforeEach(async () => {
  fixture = await createFixture({
    "cases.yaml": `
capabilities: [chat.logprobs]
cases:
  - {id: good, type: chat, messages: [{role: user, content: Hi}]}
  - {id: bad, type: completions, prompt: Hi}
  - {id: no-tools, type: chat, messages: [{role: user, content: Hi}], required_capabilities: [chat.tools]}
`,
  });
});
afterEach(() => fixture.rm());

/** Chats are answered, completions fail. */
const HALF: Says = ({ path }) => {
  if (path === "/v1/models") return [200, MODELS];
  return path === "/v1/chat/completions" ? [200, chatAnswer()] : [500, refusal("broken: sk-abcdefghijkl")];
};

async function check(url: string, more: object = {}, tools = recordingTools({ env: {} })) {
  const output = fixture.getPath("out");
  const given = { baseUrl: url, output, cases: fixture.getPath("cases.yaml"), caseRepeats: 0, ...more };
  return await checkFunctional.run(checkFunctional.inputs.parse(given), tools);
}

describe("check-functional", () => {
  test("leaves cells of other suites where they are, and empties the folder with --clean", async () => {
    await using api = await scriptedApi(HALF);
    await fixture.writeFile("other.yaml", "cases: [{id: good, type: chat, messages: [{role: user, content: Hi}]}]\n");
    const other = { cases: fixture.getPath("other.yaml") };
    const ids = async () => (await readCells(fixture.getPath("out"))).map(({ id }) => id);
    await check(api.url);
    await check(api.url, other);
    expect(await ids()).toEqual(["check-functional/cases", "check-functional/other"]);
    await check(api.url, { ...other, clean: true });
    expect(await ids()).toEqual(["check-functional/other"]);
  });

  test("says what conforms, deviates and is unsupported, writes report, cell and JUnit, and fails for a must", async () => {
    await using api = await scriptedApi(HALF);
    const { ok, outputs, text, summary } = await check(api.url, { junit: fixture.getPath("junit.xml") });
    expect(ok).toBe(false);
    expect(outputs).toMatchObject({ conforms: 1, deviates: 1, unsupported: 1, notTested: 0, deviating: ["bad"] });
    expect(text).toContain("cases: 1 conform, 1 deviate, 1 unsupported, 0 not tested");
    expect(summary!.source).toContain("`bad`");
    const report = await readJson(fixture.getPath("out/functional.json"), FunctionalReport);
    expect(report.results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      "good conforms",
      "bad deviates",
      "no-tools unsupported",
    ]);
    expect(JSON.stringify(report)).not.toContain("sk-abcdefghijkl");
    expect(existsSync(fixture.getPath("junit.xml"))).toBe(true);
    expect(await readCells(fixture.getPath("out"))).toMatchObject([
      { id: "check-functional/cases", measurement: { kind: "checked", outcomes: { bad: "deviates" } } },
    ]);
  });

  test("fails for as grave a deviation as it is told", async () => {
    await using api = await scriptedApi(HALF);
    expect((await check(api.url, { failOnSeverity: "never" })).ok).toBe(true);
  });

  test("takes a base URL with /v1, and runs what the variable of capabilities says the server has", async () => {
    await using api = await scriptedApi(HALF);
    const tools = recordingTools({ env: { VLLM_CIBENCH_CAPABILITIES: "chat.tools" } });
    expect((await check(`${api.url}/v1/`, {}, tools)).outputs).toMatchObject({ conforms: 2, unsupported: 0 });
  });

  test("says what changed since an earlier report", async () => {
    await using api = await scriptedApi(HALF);
    await check(api.url);
    const against = fixture.getPath("earlier.json");
    const report = await readJson(fixture.getPath("out/functional.json"), FunctionalReport);
    const results = report.results.map((one) => ({ ...one, outcome: "conforms" as const }));
    await fixture.writeFile("earlier.json", JSON.stringify({ ...report, results }));
    const { text } = await check(api.url, { against });
    expect(text).toContain("deviates now: bad (conforms → deviates)");
  });

  test("sends the key of the environment, and shows it nowhere", async () => {
    await using api = await scriptedApi(({ path, headers }) =>
      path === "/v1/models" ? [200, MODELS] : [200, chatAnswer(headers.authorization)],
    );
    const tools = recordingTools({ env: { PITWALL_API_KEY: "own-key" } });
    await check(api.url, {}, tools);
    expect(api.asked.at(-1)!.headers.authorization).toBe("Bearer own-key");
    const report = await readJson(fixture.getPath("out/functional.json"), FunctionalReport);
    expect(JSON.stringify(report)).not.toContain("own-key");
  });

  test("that finds no server asks nothing and writes nothing", async () => {
    const api = await scriptedApi(HALF);
    api.close();
    await expect(check(api.url)).rejects.toThrow(/does not answer/);
    expect(existsSync(fixture.getPath("out/functional.json"))).toBe(false);
  });

  test("lists the shipped cases without a server", async () => {
    const { text } = await check("http://127.0.0.1:9", { cases: undefined, listCases: true });
    expect(text).toContain("chat.stream.done");
  });
});
