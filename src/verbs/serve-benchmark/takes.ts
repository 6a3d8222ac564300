import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import type { ServingCell } from "../../load/strategy/serving-cell.ts";
import { withTakes } from "../../result/document/cell-plan.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Tools } from "../../tools.ts";
import { promptKind } from "../../workload/prompts.ts";
import { requestFields } from "../../workload/request-body.ts";
import { serverTakes } from "../benchmark/server-takes.ts";

export interface Ready {
  engine: EngineRecord;
  cells: ServingCell[];
}

/**
 * The engine and its cells as they can be measured, or why none can.
 * @param tools absent for `vllm bench serve`, which makes its own requests and says itself what became of them
 */
export async function readyToMeasure(
  engine: EngineRecord | EngineError,
  cells: ServingCell[],
  tools: Tools | undefined,
): Promise<Ready | EngineError> {
  if (engine instanceof EngineError) return engine;
  if (tools === undefined) return { engine, cells };
  return orEngineError(cellsAsTaken(cells, engine, tools).then((taken) => ({ engine, cells: taken })));
}

/**
 * The cells with what their server takes, which is asked with requests as they will send them.
 * @throws EngineError naming what is refused that they cannot do without
 */
async function cellsAsTaken(cells: readonly ServingCell[], engine: EngineRecord, tools: Tools): Promise<ServingCell[]> {
  const [first] = cells;
  if (first === undefined) return [];
  const { endpoint, continuousUsage, temperature, requestTimeoutSeconds: requestTimeout } = first.load;
  const api = { model: engine.model, endpoint, continuousUsage, temperature };
  const kinds = cells.map(({ load }) => promptKind(load.prompts));
  const question = {
    endpoint,
    prompts: (["given", "drawn"] as const).find((kind) => kinds.includes(kind)) ?? "text",
    streams: true,
    fieldsOf: (takes, prompt, outputTokens) => requestFields({ ...api, takes }, prompt, outputTokens),
    requestTimeout,
  } satisfies Parameters<typeof serverTakes>[1];
  const takes = await serverTakes(engine, question, tools);
  return cells.map((cell) => ({ ...cell, plan: withTakes(cell.plan, takes), load: { ...cell.load, takes } }));
}
