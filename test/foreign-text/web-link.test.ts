import { expect, test } from "vitest";
import { webLink } from "../../src/foreign-text/web-link.ts";

test.each(["https://x.test/a?b#c", "http://127.0.0.1:1/", "HTTPS://X.test"])("%s is a link", (address) => {
  expect(webLink(address)).toBe(address);
});

test.each([
  "javascript:void(0)",
  " javascript:void(0)",
  "java\nscript:void(0)",
  "data:text/html,pitwall-marker",
  "file:///etc/hostname",
  "//x.test",
  "runs/1",
  "",
  null,
])("%j is none", (address) => {
  expect(webLink(address)).toBeUndefined();
});
