/** When a request was in flight, ms: from its send until just before its last token. */
export interface Span {
  from: number;
  to: number;
}

/** Most spans that hold one moment. Half-open: one that ends when another starts does not meet it. */
export function mostAtOnce(spans: readonly Span[]): number {
  let most = 0;
  for (const { count } of arrivals(spans)) most = Math.max(most, count);
  return most;
}

/** When this many are first in flight together; undefined when they never are. */
export function whenReached(spans: readonly Span[], target: number): number | undefined {
  for (const { at, count } of arrivals(spans)) if (count >= target) return at;
  return undefined;
}

/** Mean number in flight between two moments. */
export function meanInFlight(spans: readonly Span[], { from, to }: Span): number {
  let total = 0;
  for (const span of spans) total += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  return total / (to - from);
}

/** How many are in flight once each span has begun, in the order of time: the sweep line stops only where it can rise. */
function* arrivals(spans: readonly Span[]): Generator<{ at: number; count: number }> {
  const starts = Float64Array.from(spans, ({ from }) => from).sort();
  const ends = Float64Array.from(spans, ({ to }) => to).sort();
  let ended = 0;
  for (const [started, at] of starts.entries()) {
    while (ended < ends.length && ends[ended]! <= at) ended++;
    yield { at, count: started + 1 - ended };
  }
}
