import { extname } from "node:path";
import { listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { jsonLinesIn } from "../../json-lines.ts";
import { readPlain } from "../../plain-file.ts";
import { type Matching, type Sample, sampleOf } from "../sample.ts";
import { DatasetSample, type SampleParts } from "./raw-sample.ts";

export const FORMATS = ["jsonl", "json"] as const;
export type SampleFormat = (typeof FORMATS)[number];

/** A file of samples: a JSON array, or a JSON object a line. By default its name tells which: `.jsonl` is lines. */
export interface SampleFile {
  path: string;
  format?: SampleFormat | undefined;
}

/**
 * All samples of a file. One that is none is an error, so that nobody scores fewer than they think.
 * @throws UserError naming the file and the line, or the entry of an array
 */
export async function readSampleFile({ path, format = formatOf(path) }: SampleFile): Promise<SampleParts[]> {
  const text = await readPlain(path);
  if (format === "jsonl") return jsonLinesIn({ text, path }, DatasetSample);
  const samples = parseJson(text.replace(/^\uFEFF/, ""), listOf(DatasetSample), path);
  if (samples.length > 0) return samples;
  throw new UserError(`${path} holds no samples: it must be a list of them`);
}

const formatOf = (path: string): SampleFormat => (/^\.(?:jsonl|ndjson)$/i.test(extname(path)) ? "jsonl" : "json");

/** Samples with their ids, the first of them; one that comes twice has two. */
export function identified(parts: readonly SampleParts[], matching: Matching, most = parts.length): Sample[] {
  const times = new Map<string, number>();
  return parts.slice(0, most).map((one) => {
    const { id } = sampleOf(one, matching);
    const before = times.get(id) ?? 0;
    times.set(id, before + 1);
    return sampleOf(one, matching, before);
  });
}
