import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { knownCapabilities, readCases } from "../../../src/functional/config/read.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";

const EXAMPLES = join(PACKAGE_ROOT, "docs/examples/vllm-cibench/configs/tests");

async function read(text: string, wholeSuite = false) {
  await using fixture = await createFixture({ "functional.yaml": text });
  return await readCases({ path: fixture.getPath("functional.yaml"), flag: "--cases", wholeSuite });
}

const oneCase = "{id: a, type: chat, messages: [{role: user, content: Hi}]}";
const withCases = (...cases: string[]) => `cases:\n${cases.map((one) => `  - ${one}\n`).join("")}`;

describe("a file of cases", () => {
  test.each(readdirSync(EXAMPLES).filter((name) => name.startsWith("functional")))(
    "shipped as an example is read: %s",
    async (name) => {
      const { suite, cases } = await readCases({ path: join(EXAMPLES, name), flag: "--cases", wholeSuite: false });
      expect(`${suite}.yaml`).toBe(name);
      expect(cases.length).toBeGreaterThan(2);
    },
  );

  test("makes of a matrix the first and the last value of one parameter at a time, with ids as Python writes values", async () => {
    const { cases } = await read(`
matrices:
  chat:
    - id_prefix: bounds
      messages: [{role: user, content: Hi}]
      params_grid: {temperature: [0.0, 0.5, 1.0], stream: [false, true], stop: ["a b"], top_k: [1, 8]}
`);
    expect(cases.map(({ id }) => id)).toEqual([
      "bounds_temperature_0.0",
      "bounds_temperature_1.0",
      "bounds_stream_False",
      "bounds_stream_True",
      "bounds_stop_a_b",
      "bounds_top_k_1",
      "bounds_top_k_8",
    ]);
    expect(cases[1]!.asks).toMatchObject([{ body: { temperature: 1 } }]);
    expect(JSON.stringify(cases[1]!.asks)).not.toContain("top_k");
  });

  test("makes a negative case of each entry, which expects an error unless it says otherwise", async () => {
    const { cases } = await read(`
negative:
  completions:
    - {id_prefix: bad, prompt: Hi, params_list: [{n: 0}, {n: -1}]}
    - {id_prefix: taken, prompt: Hi, params_list: [{n: 1}], expect_error: false}
`);
    expect(cases.map(({ id, title }) => [id, title])).toEqual([
      ["bad_0", "is refused with HTTP 4xx"],
      ["bad_1", "is refused with HTTP 4xx"],
      ["taken_0", "is answered"],
    ]);
  });

  test("that must not be skipped needs nothing", async () => {
    const needs =
      "{id: b, type: completions, prompt: x, required_capabilities: [chat.tools], skip_if_unsupported: false}";
    expect((await read(withCases(needs))).cases[0]!.needs).toEqual([]);
  });

  test("that is off runs nothing, and a suite that is off the smoke test alone", async () => {
    expect(await read(`enabled: false\n${withCases(oneCase)}`)).toMatchObject({ cases: [], note: expect.any(String) });
    const off = `suite: false\n${withCases(oneCase)}`;
    expect((await read(off)).cases.map(({ id }) => id)).toEqual(["smoke_chat"]);
    expect((await read(off, true)).cases.map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("what is wrong with a file is told with its line", () => {
  test.each([
    ["an unknown key", withCases(oneCase.replace("id:", "idd: x, id:")), /:2: cases\[0\]\.idd: /],
    [
      "an unknown type",
      withCases(oneCase, oneCase.replace("type: chat", "type: chats")),
      /:3: .*type.*chat, completions|:3: /,
    ],
    ["no messages", withCases("{id: a, type: chat}"), /:2: cases\[0\]\.messages: is missing/],
    ["an id that stands twice", withCases(oneCase, oneCase), /:3: cases\[1\]: has the id “a”/],
    [
      "a capability misspelt",
      "capabilities: [chat.tool]\n",
      /:1: capabilities\[0\]: must be one of .*did you mean “chat\.tools”/,
    ],
    ["an anchor within itself", "cases: &c [*c]\n", /anchor that is used within itself/],
    ["nothing to run", "capabilities: [chat.tools]\n", /has no cases/],
  ])("%s", async (_, text, words) => {
    await expect(read(text)).rejects.toThrow(words);
  });
});

test("a capability that there is not, in the variable, is told with those near it", () => {
  expect(knownCapabilities(["chat.tools"], "HERE")).toEqual(["chat.tools"]);
  expect(() => knownCapabilities(["chat.tol"], "HERE")).toThrow(
    /HERE: “chat\.tol” is no capability; near it: “chat\.tools”/,
  );
});
