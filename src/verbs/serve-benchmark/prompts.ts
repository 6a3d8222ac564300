import { createHash } from "node:crypto";
import { basename } from "node:path";
import { messageOf, UsageError, UserError } from "../../errors.ts";
import { openPlain } from "../../plain-file.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { Arrivals } from "../../workload/arrivals/arrivals.ts";
import { readPromptLines } from "../../workload/datasets/prompt-lines.ts";
import { readShareGpt } from "../../workload/datasets/share-gpt.ts";
import { readTrace } from "../../workload/datasets/trace.ts";
import { checkPrompts, type Prompts } from "../../workload/prompts.ts";
import type { ServingInputs } from "./inputs.ts";

/** One kind of prompt: what is sent, how the cell is called after it, and what its document records. */
export interface PromptChoice {
  name: string;
  params: CellParams;
  prompts: Prompts;
  /** Input and output tokens of a request, where all requests have the same. */
  tokens: number | undefined;
  /** A trace has times of its own. */
  arrivals?: Extract<Arrivals, { kind: "trace" }>;
}

/** @throws UserError naming a file and a line; UsageError when lengths do not fit together */
export async function promptChoices(inputs: ServingInputs): Promise<PromptChoice[]> {
  const choices = inputs.dataset.kind === "random" ? randomPrompts(inputs) : [await datasetPrompts(inputs)];
  for (const { prompts } of choices) checkPrompts(prompts, inputs.endpoint);
  return choices;
}

function randomPrompts({ pairs, rangeRatio, sharedPrefix }: ServingInputs): PromptChoice[] {
  return pairs.map(({ inputLen, outputLen }) => {
    const range = rangeRatio > 0 ? `_range_${rangeRatio}` : "";
    const prefix = sharedPrefix > 0 ? `_prefix_${sharedPrefix}` : "";
    return {
      name: `in_${inputLen}_out_${outputLen}${range}${prefix}`,
      params: {
        inputLen,
        outputLen,
        ...(rangeRatio > 0 ? { rangeRatio } : {}),
        ...(sharedPrefix > 0 ? { sharedPrefix } : {}),
      },
      prompts: { kind: "random", inputLen, outputLen, rangeRatio, sharedPrefix },
      tokens: inputLen + outputLen,
    };
  });
}

async function datasetPrompts(inputs: ServingInputs): Promise<PromptChoice> {
  const { dataset, traceSpeed, datasetOutputLen: defaultOutputLen } = inputs;
  if (dataset.kind === "random") throw new UsageError("random prompts have no file");
  const { kind, path } = dataset;
  const file = basename(path);
  // The same name with other content is another workload.
  const params = { dataset: file, datasetSha256: await digestOf(path) };
  const named = { name: `${kind}_${file.replaceAll(/[^A-Za-z0-9.-]+/g, "-")}`, tokens: undefined };
  switch (kind) {
    case "jsonl": {
      const entries = await readPromptLines(path, { defaultOutputLen });
      return {
        ...named,
        params: { ...params, datasetOutputLen: defaultOutputLen },
        prompts: { kind: "listed", entries },
      };
    }
    case "sharegpt": {
      const { entries } = await readShareGpt(path);
      return { ...named, params, prompts: { kind: "listed", entries } };
    }
    case "trace": {
      const { arrivals, prompts } = await readTrace(path, { speed: traceSpeed });
      const name = traceSpeed === 1 ? named.name : `${named.name}_x${traceSpeed}`;
      return { ...named, name, params: { ...params, traceSpeed }, prompts, arrivals };
    }
  }
}

/** The first digits of a file's SHA-256: enough to tell versions of it apart. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await openPlain(path);
  try {
    for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) hash.update(chunk);
  } catch (cause) {
    throw new UserError(`${path} could not be read: ${messageOf(cause)}`, { cause });
  }
  return hash.digest("hex").slice(0, 12);
}
