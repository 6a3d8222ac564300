import { expect, test } from "vitest";
import { sampleOf } from "../../src/accuracy/sample.ts";
import { type Scoring, scoreSamples } from "../../src/accuracy/score-samples.ts";
import { answeringServer, chatAnswer } from "../support/answering-server.ts";

const MATCHING = { strip: true, caseInsensitive: false };
const ASKING = { endpoint: "chat", model: "m", temperature: 0, seed: 1, maxTokens: 16 } as const;

const samples = Array.from({ length: 30 }, (_, index) =>
  sampleOf({ question: `Say ${index}`, choices: [], answers: [String(index)] }, MATCHING),
);

const scoring = (baseUrl: string, parts: Partial<Scoring> = {}): Scoring => ({
  baseUrl,
  samples,
  matching: MATCHING,
  asking: ASKING,
  concurrency: 4,
  requestTimeout: 10,
  signal: new AbortController().signal,
  ...parts,
});

/** The number that a question asks to say. */
const numberIn = (question: string) => Number(/Say (\d+)/.exec(question)?.[1]);

test("each sample is correct, wrong or unanswered, in the order of samples", async () => {
  await using server = await answeringServer(({ question }) => {
    const number = numberIn(question);
    if (number % 10 === 3) return { status: 500, body: { error: { message: "no" } } };
    return chatAnswer(number % 10 === 7 ? "something else" : String(number));
  });
  const outcomes = await scoreSamples(scoring(server.url));
  expect(outcomes.map(({ id }) => id)).toEqual(samples.map(({ id }) => id));
  const kinds = ["correct", "correct", "correct", "unanswered", "correct", "correct", "correct", "wrong"];
  expect(outcomes.slice(0, 8).map(({ kind }) => kind)).toEqual(kinds);
  expect(outcomes[3]).toMatchObject({ why: "http_error", detail: expect.stringContaining("HTTP 500") });
  expect(outcomes[7]).toMatchObject({ taken: "something else" });
});

test("no more are asked at once than was said, and every setting is sent", async () => {
  await using server = await answeringServer(({ question }) => chatAnswer(String(numberIn(question))));
  await scoreSamples(scoring(server.url, { concurrency: 3 }));
  expect(server.mostAtOnce).toBeLessThanOrEqual(3);
  expect(server.bodies[0]).toMatchObject({ model: "m", temperature: 0, seed: 1, max_tokens: 16 });
});

test("completions get the question as a prompt", async () => {
  await using server = await answeringServer(() => ({
    status: 200,
    body: { choices: [{ text: " 0\nmore", finish_reason: "stop" }] },
  }));
  const [outcome] = await scoreSamples(
    scoring(server.url, { samples: samples.slice(0, 1), asking: { ...ASKING, endpoint: "completions" } }),
  );
  expect(outcome).toMatchObject({ kind: "correct", taken: "0" });
  expect(server.bodies[0]).toMatchObject({ prompt: "Say 0\nAnswer:" });
});

test("an answer that does not come in time is none", async () => {
  await using server = await answeringServer(() => "silence");
  const [outcome] = await scoreSamples(scoring(server.url, { samples: samples.slice(0, 1), requestTimeout: 0.2 }));
  expect(outcome).toMatchObject({ kind: "unanswered", why: "timeout" });
});

test("once the server is gone the others are not asked", async () => {
  const server = await answeringServer(() => chatAnswer("0"));
  await server[Symbol.asyncDispose]();
  const outcomes = await scoreSamples(scoring(server.url, { concurrency: 1 }));
  const reasons = Map.groupBy(outcomes, (one) => (one.kind === "unanswered" ? one.why : one.kind));
  expect(new Map([...reasons].map(([why, { length }]) => [why, length]))).toEqual(
    new Map([
      ["unreachable", 10],
      ["not_asked", 20],
    ]),
  );
});

test("an abort ends it", async () => {
  const stop = new AbortController();
  await using server = await answeringServer(() => {
    stop.abort(new Error("stopped"));
    return "silence";
  });
  await expect(scoreSamples(scoring(server.url, { signal: stop.signal }))).rejects.toThrow("stopped");
});
