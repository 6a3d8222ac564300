import { messageOf } from "../../../errors.ts";
import type { ScenarioResult, StageEnd, StageName } from "../../../scenario/result.ts";
import type { Tools } from "../../../tools.ts";

/** What a stage found, and whether it passed; skipped: it saw itself that there was nothing to do. */
export interface Found {
  state: StageEnd["state"];
  detail?: string | undefined;
  found?: Partial<ScenarioResult>;
}

/** The stages of one scenario, one after the other; each ends by itself, whatever happens in it. */
export class StageLog {
  readonly ends: StageEnd[] = [];
  readonly found: Partial<ScenarioResult> = {};
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  skip(stage: StageName, detail: string): void {
    this.ends.push({ stage, state: "skipped", detail, seconds: 0 });
  }

  /** @returns whether it passed; what it throws is its end, also a mistake of ours, so that clean-up and others follow */
  async run(stage: StageName, work: () => Promise<Found>): Promise<boolean> {
    const start = performance.now();
    const isLate = this.#tools.signal.aborted && stage !== "clean-up";
    const end = isLate ? CANCELLED : await this.#tools.report.group(stage, () => settle(work));
    Object.assign(this.found, end.found);
    if (end.state === "failed" && end.detail !== undefined) this.#tools.report.error(`${stage}: ${end.detail}`);
    const detail = end.detail === undefined ? {} : { detail: end.detail };
    const seconds = (performance.now() - start) / 1000;
    this.ends.push({ stage, state: end.state, ...detail, seconds });
    return end.state !== "failed";
  }
}

/** A cancelled job has seconds left, which are for cleaning up. */
const CANCELLED: Found = { state: "failed", detail: "cancelled" };

async function settle(work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    return { state: "failed", detail: messageOf(error) };
  }
}
