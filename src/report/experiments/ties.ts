import { METRICS, type MetricName } from "../../result/metrics/metric.ts";

export interface Ranked {
  name: string;
  value: number;
  /** 95 % interval of the median over repeats, where there were three or more. */
  interval?: [number, number] | undefined;
}

/**
 * Those that the numbers do not tell from the best one. Where both were repeated, they tie when their 95 % intervals overlap
 * (A. Georges, D. Buytaert and L. Eeckhout, Statistically rigorous Java performance evaluation, OOPSLA 2007). Nothing is
 * called a difference below the metric's tolerance, which is all there is to go by for a single measurement.
 * @param ranked best first
 */
export function tiedWithBest(metric: MetricName, ranked: readonly Ranked[]): Ranked[] {
  const [best] = ranked;
  return best === undefined ? [] : ranked.filter((other) => isTie(metric, best, other));
}

function isTie(metric: MetricName, best: Ranked, other: Ranked): boolean {
  const scale = Math.abs(best.value);
  if (Math.abs(other.value - best.value) <= METRICS[metric].tolerance * scale) return true;
  if (best.interval === undefined || other.interval === undefined) return false;
  return best.interval[0] <= other.interval[1] && other.interval[0] <= best.interval[1];
}
