import { describe, expect, test } from "vitest";
import { ARM_KINDS, type ArmKind } from "../../../src/arms/commits/arm-result.ts";
import type { AgentPatch } from "../../../src/arms/commits/read/agent-runs.ts";
import type { Availability } from "../../../src/images/registry/availability.ts";
import { armsOf } from "../../../src/verbs/compare-patches/arms.ts";
import { COMMIT } from "../../support/patches/arm-results.ts";

const parent = "c3d4".repeat(10);
const pair = {
  ...{ commit: COMMIT, short: "a1b2a1b2", parent, model: "m", originalModel: undefined },
  perfCommand: "x",
  baselineThroughput: undefined,
};
const patch = (agent: string, change: Partial<AgentPatch> = {}): AgentPatch => ({
  ...{ agent, commit: "a1b2a1b2", patch: "diff", file: `${agent}.diff`, at: "" },
  ...change,
});
const planned = (
  patches: readonly AgentPatch[],
  states: Record<string, Availability["state"]> = {},
  types: readonly ArmKind[] = ARM_KINDS,
) =>
  armsOf(pair, patches, {
    ...{ repository: "acme/vllm", types },
    found: new Map(Object.entries(states).map(([tag, state]) => [tag, { state } as Availability])),
  });

describe("arms of a commit", () => {
  test("are its parent's image, its own, and a patch of each agent on the parent's", () => {
    const arms = planned([patch("claude"), patch("codex")]);
    expect(arms.map(({ name, kind, image }) => [name, kind, image])).toEqual([
      ["baseline", "baseline", `acme/vllm:baseline-${parent.slice(0, 12)}`],
      ["human", "human", `acme/vllm:${COMMIT}`],
      ["claude", "agent", `acme/vllm:baseline-${parent.slice(0, 12)}`],
      ["codex", "agent", `acme/vllm:baseline-${parent.slice(0, 12)}`],
    ]);
  });

  test("are only those asked for, and patches of other commits are none", () => {
    expect(planned([patch("claude")], {}, ["agent"]).map(({ name }) => name)).toEqual(["claude"]);
    expect(planned([patch("claude", { commit: "ffffffff" })]).map(({ name }) => name)).toEqual(["baseline", "human"]);
  });

  test("have names that folders take, each its own", () => {
    const agents = ["claude", "claude", "human", "a b/c", "a_b_c", "-x", "x".repeat(80)];
    const names = planned(agents.map((agent) => patch(agent)))
      .slice(2)
      .map(({ name }) => name);
    expect(names).toEqual(["claude", "claude.2", "human-2", "a_b_c", "a_b_c-2", "xx", "x".repeat(40)]);
  });
});

describe("an arm is not run", () => {
  test("whose image is missing, while others are", () => {
    const arms = planned([patch("claude")], { [COMMIT]: "missing", [`baseline-${parent.slice(0, 12)}`]: "here" });
    expect(arms.map(({ refused }) => refused?.end)).toEqual([undefined, "image_missing", undefined]);
    expect(arms[1]!.refused!.detail).toBe(`acme/vllm:${COMMIT} is neither on this machine nor in its registry`);
  });

  test("of which nobody could say whether its image is there: to try is the way to find out", () => {
    expect(planned([], { [COMMIT]: "unknown" }).map(({ refused }) => refused)).toEqual([undefined, undefined]);
  });

  test("whose patch is empty", () => {
    expect(planned([patch("claude", { patch: " \n" })])[2]!.refused).toEqual({
      end: "no_patch",
      detail: "claude.diff changes nothing",
    });
  });

  test("whose parent nobody knows", () => {
    const [baseline] = armsOf({ ...pair, parent: undefined }, [], {
      repository: "acme/vllm",
      types: ARM_KINDS,
      found: new Map(),
    });
    expect(baseline).toMatchObject({ image: undefined, refused: { end: "image_missing" } });
  });
});
