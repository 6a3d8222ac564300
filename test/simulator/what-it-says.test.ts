import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { simulatorHere } from "../support/simulator-here.ts";

interface Answer {
  choices: { finish_reason: string; stop_reason: unknown; text: string; message: { content: string } }[];
  usage: { completion_tokens: number };
}

test("a prompt with a saved answer gets it, in chat and in completions", async () => {
  await using folder = await createFixture({ "answers.jsonl": '{"contains":"2 + 2","answer":"Answer: 4"}' });
  await using engine = await simulatorHere("--answers", folder.getPath("answers.jsonl"));
  const question = "What is 2 + 2?";
  const completion = (await (await engine.post("/v1/completions", { prompt: question })).json()) as Answer;
  expect(completion.choices).toMatchObject([{ text: "Answer: 4", finish_reason: "stop" }]);
  expect(completion.usage.completion_tokens).toBe(4);
  const messages = [{ role: "user", content: question }];
  const chat = (await (await engine.post("/v1/chat/completions", { messages })).json()) as Answer;
  expect(chat.choices).toMatchObject([{ message: { content: "Answer: 4" }, finish_reason: "stop" }]);
});

test("a streamed answer adds up to the whole one, quotes, line ends and wide characters included", async () => {
  await using engine = await simulatorHere();
  const messages = [{ role: "user", content: 'Reply with exactly: “a" \\ b\t🤖 é模 end' }];
  const whole = (await (await engine.post("/v1/chat/completions", { messages })).json()) as Answer;
  const stream = await (await engine.post("/v1/chat/completions", { messages, stream: true })).text();
  const deltas = [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json!).choices[0].delta);
  expect(deltas.map(({ content }) => content ?? "").join("")).toBe(whole.choices[0]!.message.content);
  expect(whole.choices[0]!.message.content).toBe('“a" \\ b\t🤖 é模 end');
});

test("a stop string ends the answer before it", async () => {
  await using engine = await simulatorHere();
  const answer = (await (await engine.post("/v1/completions", { prompt: "hi", stop: [" is"] })).json()) as Answer;
  expect(answer.choices).toMatchObject([{ text: " this answer", finish_reason: "stop", stop_reason: " is" }]);
});
