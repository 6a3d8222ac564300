import type { Answer } from "../../../src/functional/model/case.ts";

/** Makes a good answer wrong. @param number of the answer within its case, from 0 */
export type Mutate = (answer: Answer, number: number) => Answer;

type Path = readonly (string | number)[];
// biome-ignore lint/suspicious/noExplicitAny: whatever a server says
type Json = any;

const withJson = (answer: Answer, body: Json): Answer => ({ ...answer, text: JSON.stringify(body) });

/** Changes the JSON of an answer in place. */
export const json =
  (change: (body: Json) => void): Mutate =>
  (answer) => {
    const body: Json = JSON.parse(answer.text);
    change(body);
    return withJson(answer, body);
  };

function parentOf(body: Json, path: Path): Json {
  return path.slice(0, -1).reduce<Json>((outer, key) => outer[key], body);
}

/** Puts a value there; a function makes it of the one that is there. */
export const set = (path: Path, value: unknown): Mutate =>
  json((body) => {
    const parent = parentOf(body, path);
    const key = path.at(-1)!;
    parent[key] = typeof value === "function" ? value(parent[key]) : value;
  });

export const drop = (path: Path): Mutate => json((body) => void delete parentOf(body, path)[path.at(-1)!]);

/** Only the answer of this number. */
export const only =
  (wanted: number, mutate: Mutate): Mutate =>
  (answer, number) =>
    number === wanted ? mutate(answer, number) : answer;

export const status =
  (code: number, body: unknown = { error: { message: "refused", type: "BadRequestError", code } }): Mutate =>
  (answer) => ({ ...answer, status: code, contentType: "application/json", text: JSON.stringify(body) });

export const contentType =
  (type: string): Mutate =>
  (answer) => ({ ...answer, contentType: type });

/** A refusal that should have come, and did not. */
export const accepts: Mutate = status(200, { object: "chat.completion", choices: [], data: [] });

const END = "data: [DONE]\n\n";

/** Changes the events of a stream: each one's JSON, without [DONE], which stays. */
export const events =
  (change: (chunks: Json[]) => Json[]): Mutate =>
  (answer) => {
    const lines = answer.text.split("\n\n").filter((line) => line.startsWith("data:") && !line.includes("[DONE]"));
    const chunks = change(lines.map((line) => JSON.parse(line.slice("data:".length))));
    return { ...answer, text: `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}${END}` };
  };

/** Changes every event. */
export const everyEvent = (change: (chunk: Json, at: number) => void): Mutate =>
  events((chunks) => {
    chunks.forEach((chunk, at) => void change(chunk, at));
    return chunks;
  });

/** The same event once more, under the number given. */
export const lastEvent = (change: (chunk: Json) => void): Mutate =>
  events((chunks) => {
    change(chunks.at(-1));
    return chunks;
  });

export const noDone: Mutate = (answer) => ({ ...answer, text: answer.text.replace(END, "") });

/** An error in the middle of a stream, which goes on to [DONE] as if nothing was. */
export const errorInside: Mutate = events(([first, ...rest]) => [first, { error: { message: "died" } }, ...rest]);

/** More text at the end of the first choice, of a chat or a completion. */
export const moreText: Mutate = json(({ choices: [choice] }) => {
  if (choice.message === undefined) choice.text += " and more";
  else choice.message.content = `${choice.message.content ?? ""} and more`;
});

/** More text in the first event that has some. */
export const moreStreamed: Mutate = events((chunks) => {
  const [choice] = chunks.find(({ choices }) => choices[0] !== undefined).choices;
  if (choice.delta === undefined) choice.text += "and more ";
  else choice.delta.content = `${choice.delta.content ?? ""}and more `;
  return chunks;
});

/** The text of the first choice. */
export const text = (value: string): Mutate =>
  json(({ choices: [choice] }) => {
    if (choice.message === undefined) choice.text = value;
    else Object.assign(choice.message, { content: value, reasoning: null, reasoning_content: null });
  });

/** All text of a stream comes as this, in its first event with a choice. */
export const streamText = (value: string): Mutate =>
  everyEvent((chunk, at) => {
    for (const { delta } of chunk.choices) if (delta !== undefined) delta.content = at === 0 ? value : "";
  });
