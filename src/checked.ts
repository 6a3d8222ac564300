import { z } from "zod";

/** What a schema says of a value, in the form of its own `safeParse`. */
type Checked<S extends z.ZodType> =
  | { success: true; data: z.output<S> }
  | { success: false; error: { issues: readonly z.core.$ZodIssue[] } };

/** The validator hands mistakes on as arguments of a call, of which a stack holds some hundred thousand. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): Checked<S> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const issue = { code: "custom" as const, path: [], message: TOO_MANY, input: value };
    return { success: false, error: { issues: [issue] } };
  }
}

const TOO_MANY = "has more mistakes than anybody can count";

/** Entries of a list that are judged at once. */
const PIECE = 1000;

/**
 * A list in a file of others, judged piece by piece, up to the first one with mistakes: nobody reads more of them, and a
 * megabyte of `{}` has a million.
 * @param least entries of it
 */
export const listOf = <S extends z.ZodType>(entry: S, least = 0) =>
  z
    .array(z.unknown())
    .min(least)
    .transform((values, { issues }) => {
      const entries: z.output<S>[] = [];
      for (let start = 0; start < values.length; start += PIECE) {
        const end = Math.min(start + PIECE, values.length);
        const { data, error } = z.array(entry).safeParse(values.slice(start, end));
        if (error !== undefined) {
          if (end < values.length) issues.push({ code: "custom", message: unseenFrom(end), input: values });
          for (const issue of error.issues) issues.push(movedBy(start, issue));
          return z.NEVER;
        }
        for (const value of data) entries.push(value);
      }
      return entries;
    });

const unseenFrom = (end: number) => `has mistakes, and was not looked at from [${end}] on`;

function movedBy(start: number, { path: [index, ...path], ...issue }: z.core.$ZodIssue): z.core.$ZodRawIssue {
  return { ...issue, path: [Number(index) + start, ...path] } as z.core.$ZodRawIssue;
}
