/**
 * Significant digits of a stored number. Its last one is a tenth of a microsecond in a latency of a second and a millionth
 * of a per cent of any number: below the steps of the clocks, and four digits below the noise of a calm machine (0.1 %). The
 * samples in the cells' files keep all of theirs.
 */
const DIGITS = 7;

/** The same with every number in it at the precision of the store; whole numbers stay whole. */
export function storedDigits<T>(value: T): T {
  if (typeof value === "number") return (Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS))) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(storedDigits) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, storedDigits(item)])) as T;
}
