import type { Ask } from "./case.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What cases ask for unless they say otherwise: short and the same each time. */
const SHORT = { temperature: 0, max_tokens: 8 };

export const CHAT_PATH = "/v1/chat/completions";
export const COMPLETIONS_PATH = "/v1/completions";

export const user = (content: unknown) => ({ role: "user", content });

/** A chat of one short message, with these fields added or put in place of its own; undefined takes a field away. */
export const chat = (fields: Fields = {}): Ask => ({
  method: "POST",
  path: CHAT_PATH,
  body: present({ messages: [user("Say a few words about the sea.")], ...SHORT, ...fields }),
});

export const chatStream = (fields: Fields = {}): Ask => chat({ stream: true, ...fields });

export const completion = (fields: Fields = {}): Ask => ({
  method: "POST",
  path: COMPLETIONS_PATH,
  body: present({ prompt: "The sea is", ...SHORT, ...fields }),
});

export const completionStream = (fields: Fields = {}): Ask => completion({ stream: true, ...fields });

export const tokenize = (fields: Fields): Ask => ({ method: "POST", path: "/tokenize", body: fields });

export const get = (path: string): Ask => ({ method: "GET", path });

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
