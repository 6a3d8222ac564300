import { expect, test } from "vitest";
import { evidenceOf, stateWith } from "../../../src/verbs/bisect/state.ts";
import { sampleBisect } from "../../support/sample-bisect.ts";

const calm = sampleBisect.blocks[0]!;
const [first, second] = calm.arm;
const odd = { ...calm, arm: [first, { ...second, value: second.value * 1.3 }] as typeof calm.arm };

test("a state says which blocks stand far out, and the search that goes on from it has them all", () => {
  const evidence = evidenceOf({ ...sampleBisect, blocks: [calm, calm, odd, calm] }, []);
  const state = stateWith(sampleBisect, evidence, null);
  expect(state.blocks.map(({ setAside }) => setAside)).toEqual([undefined, undefined, true, undefined]);
  expect(evidenceOf(state, []).blocks).toEqual(evidence.blocks);
});
