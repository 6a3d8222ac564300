import { numberOf } from "./reading.ts";
import { jsonOf } from "./tool-json.ts";

type Json = Record<string, unknown>;

/** More are in no machine, partitions counted. */
const MOST_GPUS = 512;

/**
 * Objects of `amd-smi … --json`, one a GPU: within `gpu_data` since ROCm 7, a bare list before. A warning may stand before
 * them.
 */
export function amdGpus(answer: string): { index: number; gpu: Json }[] {
  const whole = jsonOf(answer.slice(Math.max(0, answer.search(/^[[{]/m))));
  const list = Array.isArray(whole) ? whole : whole.gpu_data;
  return (Array.isArray(list) ? list : []).slice(0, MOST_GPUS).flatMap((one) => {
    const gpu: Json = Object(one);
    return typeof gpu.gpu === "number" ? [{ index: gpu.gpu, gpu }] : [];
  });
}

/** What lies at a path of keys, such as `limit.ppt0.socket_power_limit`; undefined where it ends early. */
function at(gpu: Json, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (Object(value) as Json)[key], gpu);
}

/** A number with or without its unit, `{"value": 750, "unit": "W"}`; undefined for `N/A`. The first path that has one. */
export function numberAt(gpu: Json, ...paths: string[]): number | undefined {
  return paths.map((path) => numberOf(String(at(gpu, `${path}.value`) ?? at(gpu, path)))).find((n) => n !== undefined);
}

export function textAt(gpu: Json, ...paths: string[]): string | undefined {
  return paths
    .map((path) => at(gpu, path))
    .find((text): text is string => typeof text === "string" && text !== "" && text !== "N/A");
}
