import { UserError } from "../../errors.ts";
import type { CellParams } from "../../result/document/cell.ts";
import { type Args, numberOf, positiveOf, textOf } from "./args.ts";

/** How requests came: what the cell is called after it, and what its document records. */
export interface ServeLoad {
  name: string;
  params: CellParams;
}

/**
 * The load that arguments of `vllm bench serve` ask for, named as that of our own cells. A concurrency without a rate is a
 * closed loop; with one it is the limit of an open one.
 * @throws UserError for a ramp that is told by half
 */
export function loadOf(args: Args, place: string): ServeLoad {
  const maxConcurrency = positiveOf(args.max_concurrency);
  const shape = shapeOf(args.burstiness);
  const strategy = textOf(args.ramp_up_strategy);
  if (strategy !== undefined) return limited(rampOf(args, strategy, shape, place), maxConcurrency);
  const requestRate = positiveOf(args.request_rate);
  if (requestRate !== undefined) {
    const load = { name: `rate_${requestRate}${shape.name}`, params: { requestRate, ...shape.params } };
    return limited(load, maxConcurrency);
  }
  if (maxConcurrency !== undefined) {
    return { name: `concurrency_${maxConcurrency}`, params: { concurrency: maxConcurrency } };
  }
  // All at once: gaps have no shape.
  if (isInfinite(args.request_rate)) return { name: "rate_inf", params: { requestRate: "inf" } };
  return { name: "rate_unknown", params: {} };
}

const isInfinite = (value: unknown) => value === "inf" || value === "Infinity";

/** vLLM's ramp goes from request to request, ours from second to second; `rampStrategy` tells them apart. */
function rampOf(args: Args, rampStrategy: string, shape: ServeLoad, place: string): ServeLoad {
  const [rampFrom, rampTo] = [numberOf(args.ramp_up_start_rps), numberOf(args.ramp_up_end_rps)];
  if (rampFrom === undefined || rampTo === undefined) {
    throw new UserError(
      `${place} has ramp_up_strategy ${rampStrategy}, but not both ramp_up_start_rps and ramp_up_end_rps`,
    );
  }
  const how = rampStrategy === "linear" ? "" : `_${rampStrategy}`;
  return {
    name: `ramp_${rampFrom}_${rampTo}${how}${shape.name}`,
    params: { rampFrom, rampTo, rampStrategy, ...shape.params },
  };
}

function shapeOf(value: unknown): ServeLoad {
  if (isInfinite(value)) return { name: "_constant", params: { burstiness: "inf" } };
  const burstiness = positiveOf(value);
  if (burstiness === undefined) return { name: "", params: {} };
  return { name: burstiness === 1 ? "" : `_burstiness_${burstiness}`, params: { burstiness } };
}

function limited({ name, params }: ServeLoad, maxConcurrency: number | undefined): ServeLoad {
  if (maxConcurrency === undefined) return { name, params };
  return { name: `${name}_max_${maxConcurrency}`, params: { ...params, maxConcurrency } };
}
