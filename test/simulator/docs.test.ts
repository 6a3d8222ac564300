import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULT_FORMS } from "../../src/simulator/faults/faults.ts";
import { PRESET_NAMES } from "../../src/simulator/timing/presets.ts";
import { runSimulator } from "../support/simulator.ts";

const page = readFileSync("docs/simulator.md", "utf8");
const cells = [...page.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell]) => cell!);
const names = (pattern: RegExp) => cells.flatMap((cell) => [...cell.matchAll(pattern)].map(([, name]) => name!));

test("docs/simulator.md lists every flag that --help lists, and no other", async () => {
  const { stdout } = await runSimulator("--help");
  const flags = [...stdout.matchAll(/^ +(?:-h, )?(--[a-z-]+)/gm)]
    .map(([, flag]) => flag!)
    .filter((flag) => flag !== "--help");
  expect(names(/`(--[a-z-]+)`/g).toSorted()).toEqual(flags.toSorted());
});

test("docs/simulator.md lists every fault and every preset, and no other", () => {
  const faults = FAULT_FORMS.map((form) => form.replace(/=.*/, ""));
  expect(names(/^`([a-z]+)(?:=[A-Z@]+)?`$/g).filter((name) => faults.includes(name))).toEqual(faults);
  for (const form of FAULT_FORMS) expect(cells).toContain(`\`${form}\``);
  for (const preset of PRESET_NAMES) expect(cells).toContain(`\`${preset}\``);
});
