import { EngineError } from "../engine/engine-error.ts";
import { checkReleased } from "../engine/released.ts";
import { startEngine } from "../engine/start.ts";
import { stopEngine } from "../engine/stop.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import { CANCELLED } from "../result/document/reason.ts";
import type { Tools } from "../tools.ts";
import { openStartCache, type StartCache, type StartedEngine, withCache } from "./start-cache.ts";

/** Starts of one engine, one after the other; each is stopped before the next, and nothing of it is left. */
export class EngineStarts {
  #engine: StartedEngine;
  readonly #tools: Tools;
  /** The record of the last one that came up. */
  last: EngineRecord | undefined;

  constructor(engine: StartedEngine, tools: Tools) {
    this.#engine = engine;
    this.#tools = tools;
  }

  /** An empty cache, to be disposed of. */
  openCache(name: string): Promise<StartCache> {
    return openStartCache(name, this.#engine, this.#tools);
  }

  /** With an empty cache of its own. @throws EngineError as soon as it cannot come up */
  async cold(name: string): Promise<EngineRecord> {
    const before = this.#engine;
    const record = await this.#inOwnCache(name);
    // One that was started twice, with a smaller context in the end, found what the first attempt had compiled.
    return this.#engine === before ? record : this.#inOwnCache(name);
  }

  async #inOwnCache(name: string): Promise<EngineRecord> {
    await using cache = await this.openCache(name);
    return await this.in(cache, name);
  }

  /** @param name of its log, after `startup-`. @throws EngineError as soon as it cannot come up */
  async in({ folder }: StartCache, name: string): Promise<EngineRecord> {
    const { signal } = this.#tools;
    if (signal.aborted) throw new EngineError(CANCELLED);
    const { engine, env } = withCache(this.#engine, folder, this.#tools.env);
    const tools = { ...this.#tools, env };
    const record = await startEngine({ ...engine, logName: `startup-${name}` }, tools);
    await stopEngine(record);
    await checkReleased(record, tools);
    if (record.shrunk !== undefined && this.#engine.shrunk === undefined) {
      this.#engine = { ...this.#engine, engineArgs: record.args, shrunk: record.shrunk, onOom: undefined };
    }
    this.last = record;
    return record;
  }
}
