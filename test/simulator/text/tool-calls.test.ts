import { expect, test } from "vitest";
import { isAbout, type Tool, type ToolChoice, toolsToCall } from "../../../src/simulator/text/tool-calls.ts";

test.each([
  ["What is the weather in Paris?", "get_weather", true],
  ["How is the Weather?", "getCurrentWeather", true],
  ["Call get_x now", "get_x", true],
  ["Search the web", "search", true],
  ["Get me something", "get_weather", false],
  ["What time is it?", "get_weather", false],
  ["by and by", "sort_by", false],
])("“%s” is about %s: %s", (question, name, expected) => {
  expect(isAbout(question, name)).toBe(expected);
});

const tools: Tool[] = [
  { name: "get_weather", parameters: null },
  { name: "get_time", parameters: null },
];
const called = (choice: ToolChoice, question: string, parallel = true) =>
  toolsToCall(tools, choice, question, parallel).map(({ name }) => name);

test("a free choice calls what the question is about, and nothing when it is about nothing", () => {
  expect(called({ kind: "auto" }, "the weather")).toEqual(["get_weather"]);
  expect(called({ kind: "auto" }, "time and weather")).toEqual(["get_weather", "get_time"]);
  expect(called({ kind: "auto" }, "time and weather", false)).toEqual(["get_weather"]);
  expect(called({ kind: "auto" }, "hello")).toEqual([]);
});

test("who must call calls the first when the question is about none; a named tool is called alone, none when forbidden", () => {
  expect(called({ kind: "required" }, "hello")).toEqual(["get_weather"]);
  expect(called({ kind: "required" }, "the time")).toEqual(["get_time"]);
  expect(called({ kind: "named", name: "get_time" }, "the weather")).toEqual(["get_time"]);
  expect(called({ kind: "none" }, "the weather")).toEqual([]);
});
