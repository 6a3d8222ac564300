/** Mean and maximum; undefined for no values, since a level that was not seen is not 0. */
export function levelOf(values: readonly number[]): { mean: number; max: number } | undefined {
  if (values.length === 0) return undefined;
  return { mean: meanOf(values), max: values.reduce((a, b) => Math.max(a, b)) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
