import { createHash } from "node:crypto";
import { z } from "zod";
import { cut } from "../../foreign-text/limits.ts";
import { parseWith } from "../../result/vllm/python-json.ts";

/** Longest text of a question or answer that is kept. */
const SHOWN = 500;

const Line = z.looseObject({
  filter: z.string().optional(),
  doc: z.unknown().optional(),
  target: z.unknown().optional(),
  filtered_resps: z.unknown().optional(),
  doc_hash: z.string(),
  prompt_hash: z.string().optional(),
  target_hash: z.string().optional(),
});

/** What one document came to, by one filter. */
export interface LmEvalSample {
  id: string;
  filter: string;
  question: string;
  right: string;
  answer: string;
  /** The number of a metric; undefined where it has none. */
  valueOf(metric: string): number | undefined;
}

/** A line for each document **and** filter of a task. @throws UserError naming file and line */
export function readLmEvalSamples(text: string, path: string): LmEvalSample[] {
  const times = new Map<string, number>();
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = parseWith(Line, line, `${path}, line ${index + 1},`, "lm-eval");
    const { filter = "none", doc_hash, prompt_hash = "", target_hash = "" } = parsed;
    const identity = [doc_hash, prompt_hash, target_hash].join(" ");
    const before = times.get(`${filter} ${identity}`) ?? 0;
    times.set(`${filter} ${identity}`, before + 1);
    return [
      {
        id: createHash("sha256").update(`${identity} ${before}`).digest("hex").slice(0, 16),
        filter,
        question: textOf(parsed.doc),
        right: textOf(parsed.target),
        answer: textOf(parsed.filtered_resps),
        valueOf(metric: string) {
          const value = parsed[metric];
          return typeof value === "number" ? value : undefined;
        },
      },
    ];
  });
}

function textOf(value: unknown): string {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return cut(typeof only === "string" ? only : (JSON.stringify(only) ?? "–"), SHOWN);
}
