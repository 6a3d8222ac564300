import { expect, test } from "vitest";
import { startWatchingProxy } from "../../../src/accuracy/lm-eval/watching-proxy.ts";
import { answeringServer, chatAnswer, type Said } from "../../support/answering-server.ts";

async function proxied(rule: (question: string) => Said) {
  const server = await answeringServer(({ question }) => rule(question));
  const signal = new AbortController().signal;
  const proxy = await startWatchingProxy({ baseUrl: server.url, requestTimeout: 0.5, signal });
  return {
    server,
    proxy,
    async post(body: object, path = "/v1/chat/completions") {
      const answer = await fetch(`${proxy.url}${path}`, {
        method: "POST",
        headers: { authorization: "Bearer of-somebody-else" },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as object };
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const chat = (content: string) => ({ model: "m", messages: [{ role: "user", content }] });

test("what is asked and answered goes through as it is, and GET does too", async () => {
  await using room = await proxied((question) => chatAnswer(`so ${question}`));
  const { status, body } = await room.post(chat("x"));
  expect(status).toBe(200);
  expect(body).toMatchObject({ choices: [{ message: { content: "so x" } }] });
  expect(room.server.bodies).toEqual([chat("x")]);
  expect(await (await fetch(`${room.proxy.url}/v1/models`)).json()).toMatchObject({ data: [{ id: "m" }] });
  expect([room.proxy.asked, room.proxy.unanswered()]).toEqual([1, []]);
});

test("answers that are none are counted by what was wrong, and passed on", async () => {
  const said: Record<string, Said> = {
    bare: { status: 200, body: { id: "x" } },
    null: chatAnswer(null),
    broken: { status: 500, body: { error: { message: "no" } } },
    late: "silence",
    fine: chatAnswer("yes"),
  };
  await using room = await proxied((question) => said[question]!);
  const statuses = await Promise.all(
    Object.keys(said).map(async (question) => (await room.post(chat(question))).status),
  );
  expect(statuses).toEqual([200, 200, 500, 502, 200]);
  expect(
    room.proxy
      .unanswered()
      .map(({ why }) => why)
      .toSorted(),
  ).toEqual(["http_error", "no_choices", "no_text", "unreachable"]);
});

test("a question that is answered at the second try has its answer", async () => {
  let tries = 0;
  await using room = await proxied(() => (++tries === 1 ? { status: 503, body: "busy" } : chatAnswer("yes")));
  await room.post(chat("x")).catch(() => undefined);
  expect(room.proxy.unanswered()).toHaveLength(1);
  await room.post(chat("x"));
  expect([room.proxy.asked, room.proxy.unanswered()]).toEqual([1, []]);
});

test("fewer choices than prompts of one request are too few", async () => {
  const one: Said = { status: 200, body: { choices: [{ text: "a", finish_reason: "length" }] } };
  await using room = await proxied(() => one);
  await room.post({ model: "m", prompt: ["a", "b"] }, "/v1/completions");
  await room.post({ model: "m", prompt: [1, 2, 3] }, "/v1/completions");
  expect(room.proxy.unanswered()).toMatchObject([{ why: "no_choices", detail: "1 choices to 2 prompts" }]);
});

test("what is no JSON object is refused and asked of nobody", async () => {
  await using room = await proxied(() => chatAnswer("x"));
  const answer = await fetch(`${room.proxy.url}/v1/completions`, { method: "POST", body: "{oh" });
  expect([answer.status, room.server.bodies]).toEqual([400, []]);
});
