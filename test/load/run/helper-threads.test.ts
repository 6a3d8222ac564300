import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** In a process of its own, because a thread cannot get its priority back. */
const PROGRAM = `
  import { readdirSync, readFileSync } from "node:fs";
  import { makeHelpersStandBack } from "./src/load/run/helper-threads.ts";
  const nices = () => Object.groupBy(readdirSync("/proc/self/task").map((task) => {
    const stat = readFileSync("/proc/self/task/" + task + "/stat", "utf8");
    return { name: /\\((.*)\\)/.exec(stat)[1], nice: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]) };
  }), ({ name }) => (name === "V8Worker" ? "helpers" : "others"));
  const before = nices();
  makeHelpersStandBack();
  console.log(JSON.stringify({ before, after: nices() }));
`;

describe.runIf(process.platform === "linux")("V8's helpers", () => {
  it("stand back behind the threads that send and read", () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", PROGRAM], {
      encoding: "utf8",
    });
    expect(stderr).not.toContain("Error");
    const { before, after } = JSON.parse(stdout);
    expect(before.helpers.length).toBeGreaterThan(0);
    for (const [index, { nice }] of before.helpers.entries()) expect(after.helpers[index].nice).toBeGreaterThan(nice);
    expect(after.others).toEqual(before.others);
  });
});
