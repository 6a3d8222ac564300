import { expect, test } from "vitest";
import { PodEvents } from "../../../../src/engine/kubernetes/keeper/pod-events.ts";
import { podOf } from "../../../support/pods.ts";

const event = (name: string, type = "MODIFIED") => ({ type, object: podOf({ name }) });
const read = (...texts: string[]) => {
  const events = new PodEvents();
  return texts.flatMap((text) => events.take(text)).map(({ type, pod }) => [type, pod.metadata.name]);
};

test("events are read as their bytes come", () => {
  const text = `${JSON.stringify(event("a", "ADDED"))}\n${JSON.stringify(event("b"))}\n`;
  const expected = [
    ["ADDED", "a"],
    ["MODIFIED", "b"],
  ];
  expect(read(text)).toEqual(expected);
  expect(read(...text.match(/.{1,50}|\n/g)!)).toEqual(expected);
});

test("an event over several lines is read as well", () => {
  expect(read(`${JSON.stringify(event("a"), null, 4)}\n`)).toEqual([["MODIFIED", "a"]]);
});

test("what is no pod is passed over", () => {
  const error = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };
  expect(read(`${JSON.stringify(error)}\n{\n${JSON.stringify(event("a"))}\n`, "}\n", "")).toEqual([]);
});
