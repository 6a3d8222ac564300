import type { Arm } from "../../../arms/arm.ts";
import type { ArmRecord, Measured } from "../../../arms/states/arm-record.ts";
import type { Failure } from "../../../result/document/reason.ts";
import type { Attempt } from "./measurement.ts";

interface Entry {
  measured: Measured[];
  failure?: Failure;
  gaps: Map<string, Failure>;
}

/** Time of measurements, in seconds. */
export interface Spent {
  engineStartSeconds: number;
  warmupSeconds: number;
  measuredSeconds: number;
  /** Measurements that an earlier call made, each from before the engine's start to after its end. */
  keptSeconds: number;
}

/** What every arm has come to so far, and the time that it took. */
export class Ledger {
  readonly #entries: Map<Arm, Entry>;
  readonly spent: Spent = { engineStartSeconds: 0, warmupSeconds: 0, measuredSeconds: 0, keptSeconds: 0 };
  /** That engines had the device. */
  deviceSeconds = 0;

  /** @param arms the base first */
  constructor(arms: readonly Arm[]) {
    this.#entries = new Map(arms.map((arm) => [arm, { measured: [], gaps: new Map() }]));
  }

  get records(): ArmRecord[] {
    return [...this.#entries].map(([arm, { measured, failure, gaps }]) => ({
      ...{ arm, measured, gaps },
      ...(failure === undefined ? {} : { failure }),
    }));
  }

  isOut(arm: Arm): boolean {
    return this.#entries.get(arm)!.failure !== undefined;
  }

  drop(arm: Arm, failure: Failure): void {
    this.#entries.get(arm)!.failure = failure;
  }

  count({ run, seconds, isKept }: Attempt): void {
    this.deviceSeconds += seconds;
    if (isKept) this.spent.keptSeconds += seconds;
    else if (run?.time !== undefined) {
      this.spent.engineStartSeconds += run.time.engineStartSeconds;
      this.spent.warmupSeconds += run.time.warmupSeconds;
      this.spent.measuredSeconds += run.time.measuredSeconds;
    }
  }

  /** @returns why the arm is out now; undefined where it has some numbers */
  keep(arm: Arm, block: number, { run, gaps, maxModelLen }: Attempt): Failure | undefined {
    const entry = this.#entries.get(arm)!;
    const [failure] = gaps.values();
    if (run === undefined || run.cells.every(({ status }) => status !== "ok")) {
      entry.failure = failure!;
      return failure;
    }
    for (const [cell, gap] of gaps) entry.gaps.set(cell, gap);
    const at = (Date.parse(run.startedAt) + Date.parse(run.finishedAt)) / 2000;
    entry.measured.push({ block, at, run, maxModelLen });
    return undefined;
  }

  /** Forgets all numbers, because no later ones compare with them. */
  beginAnew(): void {
    for (const entry of this.#entries.values()) {
      entry.measured = [];
      entry.gaps.clear();
    }
  }
}
