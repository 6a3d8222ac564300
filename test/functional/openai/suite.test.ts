import { expect, test } from "vitest";
import { CAPABILITIES } from "../../../src/functional/model/capabilities.ts";
import { OPENAI_SUITE } from "../../../src/functional/openai/suite.ts";

test("the suite has 120 cases and more, each with an id of its own", () => {
  const ids = OPENAI_SUITE.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(120);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test("ids are dotted words, which no tool has to quote", () => {
  expect(OPENAI_SUITE.map(({ id }) => id).filter((id) => !/^[a-z]+(\.[a-z0-9_-]+)+$/.test(id))).toEqual([]);
});

test("titles are told once each beside their endpoint, and every capability is needed by a case", () => {
  const titles = OPENAI_SUITE.map(({ endpoint, title }) => `${endpoint}: ${title}`);
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
  const needed = new Set(OPENAI_SUITE.flatMap(({ needs }) => needs));
  expect(CAPABILITIES.filter((one) => !needed.has(one))).toEqual([]);
});
