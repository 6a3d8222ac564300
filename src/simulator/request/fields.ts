/*
 * Readers of single values, as lenient as Pydantic's and with its words for what is wrong, in which vLLM answers: numbers in
 * text are numbers, "yes" is true. What a reader returns counts only if it has found nothing wrong.
 */

export interface Issue {
  type: string;
  loc: string;
  msg: string;
  input: unknown;
  ctx?: Record<string, number | string>;
}

export type Reader<T> = (value: unknown, loc: string, issues: Issue[]) => T;
export type Read<R> = R extends Reader<infer T> ? T : never;

/** Says what is wrong. @returns nothing that anybody looks at */
function wrong<T>(issues: Issue[], issue: Issue): T {
  issues.push(issue);
  return undefined as T;
}

/** Whole numbers of more than 64 bits. */
const BEYOND = 2 ** 63;

export function int({ min }: { min?: number } = {}): Reader<number> {
  return (input, loc, issues) => {
    const value = typeof input === "boolean" || isNumeral(input, /^\s*[+-]?\d+\s*$/) ? Number(input) : input;
    if (typeof value === "string") {
      const msg = "Input should be a valid integer, unable to parse string as an integer";
      return wrong(issues, { type: "int_parsing", loc, msg, input });
    }
    if (typeof value !== "number") {
      return wrong(issues, { type: "int_type", loc, msg: "Input should be a valid integer", input });
    }
    if (!Number.isInteger(value)) {
      const msg = "Input should be a valid integer, got a number with a fractional part";
      return wrong(issues, { type: "int_from_float", loc, msg, input });
    }
    if (Math.abs(value) >= BEYOND) {
      const msg = "Unable to parse input string as an integer, exceeded maximum size";
      return wrong(issues, { type: "int_parsing_size", loc, msg, input });
    }
    if (min === undefined || value >= min) return value;
    const msg = `Input should be greater than or equal to ${min}`;
    return wrong(issues, { type: "greater_than_equal", loc, msg, input, ctx: { ge: min } });
  };
}

export const float: Reader<number> = (input, loc, issues) => {
  const value =
    typeof input === "boolean" || isNumeral(input, /^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i) ? Number(input) : input;
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  const [type, more] =
    typeof input === "string" ? ["float_parsing", ", unable to parse string as a number"] : ["float_type", ""];
  return wrong(issues, { type, loc, msg: `Input should be a valid number${more}`, input });
};

const isNumeral = (value: unknown, form: RegExp) => typeof value === "string" && form.test(value);

const TRUE = ["true", "1", "yes", "y", "on", "t"];
const FALSE = ["false", "0", "no", "n", "off", "f"];

export const bool: Reader<boolean> = (input, loc, issues) => {
  if (typeof input === "boolean") return input;
  const word = String(input).toLowerCase();
  const isScalar = typeof input === "string" || typeof input === "number";
  if (isScalar && TRUE.includes(word)) return true;
  if (isScalar && FALSE.includes(word)) return false;
  const [type, more] = isScalar ? ["bool_parsing", ", unable to interpret input"] : ["bool_type", ""];
  return wrong(issues, { type, loc, msg: `Input should be a valid boolean${more}`, input });
};

export const text: Reader<string> = (input, loc, issues) =>
  typeof input === "string"
    ? input
    : wrong(issues, { type: "string_type", loc, msg: "Input should be a valid string", input });

export type Dictionary = Record<string, unknown>;

export const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const dictionary: Reader<Dictionary> = (input, loc, issues) =>
  isDictionary(input)
    ? input
    : wrong(issues, { type: "dict_type", loc, msg: "Input should be a valid dictionary", input });

export function dictionaryOf<T>(entry: Reader<T>): Reader<Record<string, T>> {
  return (input, loc, issues) => {
    const read = dictionary(input, loc, issues);
    if (read === undefined) return read;
    return Object.fromEntries(Object.entries(read).map(([key, value]) => [key, entry(value, `${loc}.${key}`, issues)]));
  };
}

export function listOf<T>(entry: Reader<T>, { max }: { max?: number } = {}): Reader<T[]> {
  return (input, loc, issues) => {
    if (!Array.isArray(input)) {
      return wrong(issues, { type: "list_type", loc, msg: "Input should be a valid list", input });
    }
    if (max !== undefined && input.length > max) {
      const msg = `List should have at most ${max} items after validation, not ${input.length}`;
      const ctx = { field_type: "List", max_length: max, actual_length: input.length };
      return wrong(issues, { type: "too_long", loc, msg, input, ctx });
    }
    return input.map((value, index) => entry(value, `${loc}.${index}`, issues));
  };
}

export function literal<const T extends string>(...values: T[]): Reader<T> {
  const quoted = values.map((value) => `'${value}'`);
  const list = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter((part) => part !== "").join(" or ");
  return (input, loc, issues) =>
    values.includes(input as T)
      ? (input as T)
      : wrong(issues, { type: "literal_error", loc, msg: `Input should be ${list}`, input, ctx: { expected: list } });
}

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, loc, issues) =>
    value === null || value === undefined ? null : reader(value, loc, issues);

/** The first that finds nothing wrong; else what all of them found. */
export function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value, loc, issues) => {
    const found: Issue[] = [];
    for (const reader of [first, second]) {
      const own: Issue[] = [];
      const read = reader(value, loc, own);
      if (own.length === 0) return read;
      found.push(...own);
    }
    issues.push(...found);
    return undefined as A | B;
  };
}

type Fields = Record<string, Reader<unknown>>;
export type ReadFields<F extends Fields> = { [K in keyof F]?: Read<F[K]> };

/**
 * A map with names that are known; what else is in it is passed over, as vLLM does.
 * @param required names that must be there
 */
export function model<F extends Fields>(fields: F, required: readonly string[] = []): Reader<ReadFields<F>> {
  return (input, loc, issues) => {
    if (!isDictionary(input)) {
      const msg = "Input should be a valid dictionary or object to extract fields from";
      return wrong(issues, { type: "model_attributes_type", loc, msg, input });
    }
    const read: Record<string, unknown> = {};
    for (const name of Object.keys(input)) {
      if (Object.hasOwn(fields, name)) read[name] = fields[name]!(input[name], `${loc}.${name}`, issues);
    }
    for (const name of required) {
      if (input[name] === undefined)
        issues.push({ type: "missing", loc: `${loc}.${name}`, msg: "Field required", input });
    }
    return read as ReadFields<F>;
  };
}
