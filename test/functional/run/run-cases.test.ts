import { describe, expect, test } from "vitest";
import type { Target } from "../../../src/functional/client/send.ts";
import { bodyOf, contentOf, refusalOf } from "../../../src/functional/model/answers.ts";
import { chat } from "../../../src/functional/model/ask.ts";
import { type Case, Undecided } from "../../../src/functional/model/case.ts";
import { runCases } from "../../../src/functional/run/run-cases.ts";
import { chatAnswer, MODELS, refusal, type Says, scriptedApi } from "../../support/scripted-api.ts";

const aCase = (id: string, more: Partial<Case> = {}): Case => ({
  ...{ id, title: id, severity: "must", endpoint: "chat", needs: [], asks: [chat({ user: id })] },
  check: ([answer]) => void bodyOf(answer),
  ...more,
});

const run = (cases: readonly Case[], target: Target, more = {}) =>
  runCases(cases, {
    ...{ target, parallel: 4, repeats: 2, redact: (text: string) => text.replaceAll("secret", "•••") },
    served: { model: "tiny", maxModelLen: null },
    ...more,
  });

const good: Says = ({ path }) => (path === "/v1/models" ? [200, MODELS] : [200, chatAnswer()]);
const caseOf = (body: string) => JSON.parse(body).user;

describe("cases", () => {
  test("are run side by side up to a limit, and told in their order", async () => {
    let open = 0;
    let most = 0;
    await using api = await scriptedApi(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return [200, chatAnswer()];
    });
    const ids = ["a", "b", "c", "d", "e", "f"];
    const { results } = await run(
      ids.map((id) => aCase(id)),
      api.target(),
      { parallel: 3 },
    );
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual(ids.map((id) => [id, "conforms"]));
    expect(most).toBeLessThanOrEqual(3);
  });

  test("that fail each time deviate, with reason, path, request and answer, and no secret", async () => {
    await using api = await scriptedApi(() => [200, chatAnswer("secret")]);
    const bad = aCase("bad", {
      check: ([answer]) => bodyOf(answer).at("choices", 0, "message", "content").is("Hello"),
    });
    const { results } = await run([bad], api.target());
    expect(results[0]).toMatchObject({ outcome: "deviates", tries: 3, path: "$.choices[0].message.content" });
    expect(results[0]!.reason).toBe('must be "Hello", but is "•••"');
    expect(results[0]!.exchanges).toMatchObject([{ request: expect.stringContaining("POST /v1/chat"), status: 200 }]);
    expect(api.asked).toHaveLength(3);
  });

  test("that hold when they are asked again are flaky", async () => {
    await using api = await scriptedApi((_, number) => (number === 1 ? [503, refusal("busy")] : [200, chatAnswer()]));
    const { results } = await run([aCase("once")], api.target());
    expect(results).toMatchObject([
      { outcome: "conforms", flaky: true, tries: 2, reason: expect.stringMatching(/503/) },
    ]);
  });

  test("whose answer was cut at its limit are not tested, and not asked again", async () => {
    await using api = await scriptedApi(good);
    const cut = aCase("cut", {
      check: () => {
        throw new Undecided("the model went on");
      },
    });
    expect((await run([cut], api.target())).results).toMatchObject([{ outcome: "not_tested", tries: 1 }]);
  });

  test("may ask more of what was answered", async () => {
    await using api = await scriptedApi(({ body }) => [200, chatAnswer(caseOf(body) ?? "first")]);
    const two = aCase("two", {
      asks: [chat()],
      next: ([first]) => [chat({ user: `${contentOf(bodyOf(first))} again` })],
      check: ([, second]) => bodyOf(second).at("choices", 0, "message", "content").is("first again"),
    });
    expect((await run([two], api.target())).results).toMatchObject([{ outcome: "conforms" }]);
  });
});

describe("a server that dies", () => {
  test("is one failure, and the rest is not tested", async () => {
    await using api = await scriptedApi(({ body }) => {
      if (caseOf(body || "{}") !== "killer") return [200, chatAnswer()];
      api.close();
      return null;
    });
    const cases = ["first", "killer", "later", "last"].map((id) => aCase(id));
    const { results, died } = await run(cases, api.target(), { parallel: 1 });
    expect(results.map(({ outcome }) => outcome)).toEqual(["conforms", "deviates", "not_tested", "not_tested"]);
    expect(died).toContain("since killer");
    expect(results.at(-1)!.reason).toBe(died);
  });

  test("is none where one connection was reset and the next request is answered", async () => {
    await using api = await scriptedApi(({ body, path }) =>
      path === "/v1/models" ? [200, MODELS] : caseOf(body) === "reset" ? null : [200, chatAnswer()],
    );
    const { results, died } = await run([aCase("reset"), aCase("other")], api.target(), { repeats: 0 });
    expect(results.map(({ outcome }) => outcome)).toEqual(["deviates", "conforms"]);
    expect(died).toBeUndefined();
  });

  test("makes no negative case conform", async () => {
    await using api = await scriptedApi(good);
    api.close();
    const negative = aCase("negative", { check: ([answer]) => void refusalOf(answer) });
    expect((await run([negative], api.target())).results).toMatchObject([{ outcome: "deviates" }]);
  });
});

test("a silent server is no answer within the limit of a request", async () => {
  await using api = await scriptedApi(({ path }) => (path === "/v1/models" ? [200, MODELS] : new Promise(() => {})));
  const { results } = await run([aCase("silent")], api.target({ requestSeconds: 0.05 }), { repeats: 0 });
  expect(results).toMatchObject([{ outcome: "deviates", reason: "no answer within 0.05 s" }]);
});

test("who cancels gets the reason, not a list of deviations", async () => {
  await using api = await scriptedApi(good);
  const controller = new AbortController();
  controller.abort(new Error("ended by SIGTERM"));
  await expect(run([aCase("a")], api.target({ signal: controller.signal }))).rejects.toThrow("ended by SIGTERM");
});
