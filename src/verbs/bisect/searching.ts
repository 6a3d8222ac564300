import type { Evidence } from "../../arms/bisect/evidence.ts";
import type { Measure } from "../../arms/bisect/next-step.ts";
import { type Measured, search } from "../../arms/bisect/search.ts";
import type { Bisect } from "../../result/document/bisect.ts";
import type { Tools } from "../../tools.ts";
import { type Build, makeBuild, shortName } from "./build/make-build.ts";
import type { BisectInputs } from "./inputs.ts";
import { type Bench, measureBlock } from "./measure-block.ts";
import type { Question } from "./question.ts";
import type { Records } from "./records.ts";
import { withEnd } from "./result.ts";
import { evidenceOf, stateWith, writeState } from "./state.ts";

interface World {
  question: Question;
  inputs: BisectInputs;
  records: Records;
}

/** A search with real engines: its state is written after each block, and told once the ends are known to differ. */
export class Searching {
  state: Bisect;
  readonly #world: World;
  readonly #tools: Tools;
  readonly #builds = new Map<string, Promise<Build>>();
  #isTold = false;
  #hasMeasured = false;

  /** @param state of this call or of an earlier one */
  constructor(state: Bisect, world: World, tools: Tools) {
    this.state = state;
    this.#world = world;
    this.#tools = tools;
  }

  /** @returns the state with the result @throws UserError when an end cannot be measured, or somebody cancels */
  async run(): Promise<Bisect> {
    const { question, inputs } = this.#world;
    const { maxGpuMinutes = Number.POSITIVE_INFINITY, margin, maxBlocks } = inputs;
    const { direction, stored } = question;
    const end = await search(
      evidenceOf(this.state, stored),
      { maxBlocks, margin, direction },
      {
        measure: (step) => this.#measure(step),
        keep: (evidence, last) => this.#keep(evidence, last),
        isTimeUp: () => this.state.deviceSeconds >= 60 * maxGpuMinutes,
      },
    );
    return withEnd(this.state, end);
  }

  async #measure(step: Measure): Promise<Measured> {
    this.#tools.signal.throwIfAborted();
    if (step.purpose !== "pair" && !this.#isTold) {
      this.#isTold = true;
      await this.#world.records.add(this.state);
    }
    return await measureBlock(step, this.state.blocks.length, this.#bench(), this.#tools);
  }

  #bench(): Bench {
    const { question, inputs } = this.#world;
    return {
      names: this.state.builds.map(({ name }) => name),
      ...{ inputs: question.inputs, cell: question.cell, metric: question.metric },
      ...{ output: inputs.output, quietWait: inputs.quietWait, hasMeasured: this.#hasMeasured },
      buildOf: (name) => this.#buildOf(name),
      onMeasured: ({ seconds, isKept }) => {
        this.#hasMeasured ||= !isKept;
        this.state = { ...this.state, deviceSeconds: this.state.deviceSeconds + seconds };
      },
    };
  }

  /** Once a call: what the command leaves is there for all blocks. */
  #buildOf(name: string): Promise<Build> {
    const { question, inputs } = this.#world;
    const making =
      this.#builds.get(name) ??
      this.#tools.report.group(`Build ${shortName(name)}`, () =>
        makeBuild(name, { ...question, output: inputs.output }, this.#tools),
      );
    this.#builds.set(name, making);
    return making;
  }

  async #keep(evidence: Evidence, last: Measured): Promise<void> {
    this.state = stateWith(this.state, evidence, last.kind === "skipped" ? last : null);
    await writeState(this.#world.inputs.output, this.state);
  }
}
