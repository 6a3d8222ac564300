import { describe, expect, test } from "vitest";
import { nextPage, tokenQuestion } from "../../../src/images/registry/challenge.ts";

describe("what a registry wants first", () => {
  test("is a token from an address", () => {
    const header = 'Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull"';
    const { realm, service, scope } = tokenQuestion(header)!;
    expect([realm.href, service, scope]).toEqual(["https://auth.example.org/token", "registry", "repository:a/b:pull"]);
  });

  test.each([null, 'Basic realm="x"', "Bearer", 'Bearer realm="nowhere"', 'Bearer realm="file:///etc/passwd"'])(
    "is nothing that we have: %s",
    (header) => expect(tokenQuestion(header)).toBeUndefined(),
  );
});

test("a list goes on where its Link says", () => {
  expect(nextPage('</v2/a/tags/list?last=b&n=2>; rel="next"')).toBe("/v2/a/tags/list?last=b&n=2");
  expect(nextPage("<https://x.org/y>; rel=next")).toBe("https://x.org/y");
  expect(nextPage('</v2/a>; rel="prev"')).toBeUndefined();
  expect(nextPage(null)).toBeUndefined();
});
