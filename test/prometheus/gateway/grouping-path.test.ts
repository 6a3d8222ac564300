import { expect, test } from "vitest";
import { groupingPath } from "../../../src/prometheus/gateway/grouping-path.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

test("plain words of a group's key stand in its path as they are", () => {
  expect(groupingPath("nightly", { model: "Qwen3-32B", quant: "w8a8" })).toBe(
    "/metrics/job/nightly/model/Qwen3-32B/quant/w8a8",
  );
});

test.each(["a/b", "..", ".", "a b", "a%2Fb", "a?b#c", "Zürich", "\u{1F680}"])("%s goes as base64 for URLs", (value) => {
  expect(groupingPath("j", { model: value })).toBe(`/metrics/job/j/model@base64/${encoded(value)}`);
});

test("an empty value and a job that is no plain word have a path, too", () => {
  expect(groupingPath("my/job", { scenario: "" })).toBe(`/metrics/job@base64/${encoded("my/job")}/scenario@base64/=`);
});
