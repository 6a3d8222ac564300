import type { PairBlock } from "../statistics/pair-block.ts";
import type { Evidence } from "./evidence.ts";
import { type End, type Limits, type Measure, nextStep } from "./next-step.ts";

/** What came of one more block. */
export type Measured =
  | { kind: "block"; block: PairBlock }
  /** One of the two cannot be built or measured, for good. */
  | { kind: "skipped"; commit: number; detail: string };

/** The world of a search. */
export interface Measuring {
  /** @throws what ends the search: the good or the bad end cannot be measured, somebody cancelled */
  measure(step: Measure): Promise<Measured>;
  /** Called after each, with all that is known. */
  keep(evidence: Evidence, last: Measured): Promise<void>;
  /** Whether the time is up. */
  isTimeUp(): boolean;
}

interface Bounds extends Omit<Limits, "isSpent"> {
  /** Blocks in all, with those of the evidence. */
  maxBlocks: number;
}

/** Measures until it is known which commit changed the numbers, or the budget is spent. @param known to go on from */
export async function search(known: Evidence, { maxBlocks, ...limits }: Bounds, world: Measuring): Promise<End> {
  for (let evidence = known; ; ) {
    const isSpent = evidence.blocks.length >= maxBlocks || world.isTimeUp();
    const step = nextStep(evidence, { ...limits, isSpent });
    if (step.kind === "end") return step.end;
    const measured = await world.measure(step);
    evidence = withMeasured(evidence, step, measured);
    await world.keep(evidence, measured);
  }
}

function withMeasured(evidence: Evidence, { commit, against }: Measure, measured: Measured): Evidence {
  if (measured.kind === "skipped") return { ...evidence, skipped: [...evidence.skipped, measured.commit] };
  return { ...evidence, blocks: [...evidence.blocks, { commit, against, block: measured.block }] };
}
