import { expect, test } from "vitest";
import { BodyTooLarge, readBody } from "../src/limited-body.ts";

const MEBIBYTE = 1024 * 1024;

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test("a body within its limit is read whole, wherever it was cut", async () => {
  const bytes = Buffer.from("grüß dich");
  async function* cut() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  expect(await readBody(cut(), MEBIBYTE)).toBe("grüß dich");
});

test("a body beyond its limit is given up, with its first 200 characters", async () => {
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      yield Buffer.alloc(MEBIBYTE, "x");
    }
  }
  const error = await readBody(endless(), 2 * MEBIBYTE).catch((error) => error);
  expect(error).toBeInstanceOf(BodyTooLarge);
  expect(error.message).toBe(`too_large: more than 2 MiB came; it begins: "${"x".repeat(200)}"`);
  expect(given).toBe(3);
});

test("an empty body is an empty text", async () => expect(await readBody(parts(), MEBIBYTE)).toBe(""));
