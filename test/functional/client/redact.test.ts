import { expect, test } from "vitest";
import { redacting } from "../../../src/functional/client/redact.ts";

test("known secrets, keys by their look, bearers and credentials of URLs are taken out of what is shown", () => {
  const redact = redacting(["my-own-key", undefined, " "]);
  expect(redact("key my-own-key, sk-abcdefghijkl, hf_abcdefghijkl")).toBe("key •••, •••, •••");
  expect(redact('{"authorization": "Bearer abc.def"} http://ada:secret@host/v1')).toBe(
    '{"authorization": "Bearer •••"} http://•••@host/v1',
  );
});

test("what is no secret stays as it is", () => {
  const text = "a task-list for 3@home: http://host:8000/v1?x=y";
  expect(redacting([])(text)).toBe(text);
});
