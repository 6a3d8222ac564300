import { EngineError } from "../../engine/engine-error.ts";
import { askModels } from "../../engine/server/model-list.ts";
import { UserError } from "../../errors.ts";
import { ask } from "../../load/takes/ask.ts";
import { type Question, whatServerTakes } from "../../load/takes/what-server-takes.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { type Takes, takenParams } from "../../result/document/takes.ts";
import type { Tools } from "../../tools.ts";

interface Asked extends Pick<Question, "endpoint" | "prompts" | "streams" | "fieldsOf"> {
  /** Seconds for one request. */
  requestTimeout: number;
}

/**
 * Asks a server by tiny requests what it takes, before the first cell is warmed up, and says what is used instead of what
 * it refuses. The simulated engine is ours: what it takes is known, and its faults go by the number of a request.
 * @returns undefined when nobody had to ask, or no answer told: then everything is sent
 * @throws EngineError naming what is refused that a measurement cannot do without
 */
export async function serverTakes(
  { kind, baseUrl, model }: Pick<EngineRecord, "kind" | "baseUrl" | "model">,
  { requestTimeout, ...asked }: Asked,
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<Takes | undefined> {
  if (kind === "simulated" || baseUrl === null || signal.aborted) return undefined;
  const path = asked.endpoint === "chat" ? "/v1/chat/completions" : "/v1/completions";
  const found = await whatServerTakes({
    ...asked,
    vocabulary: await toldVocabulary(baseUrl, model, signal),
    ask: (fields, tokens) => ask(`${baseUrl}${path}`, { fields, tokens }, { signal, limitMs: 1000 * requestTimeout }),
  });
  switch (found.kind) {
    case "refused":
      throw new EngineError({ reason: "incomplete_requests", detail: `the server cannot be measured: ${found.why}` });
    case "unknown":
      return undefined;
    case "takes":
      tell(found.takes, report);
      return found.takes;
    default:
      return found satisfies never;
  }
}

/** llama.cpp's server tells it beside the model. */
async function toldVocabulary(baseUrl: string, model: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const list = await askModels(baseUrl, signal);
    const models = list.kind === "listed" ? list.models : [];
    return (models.find(({ id }) => id === model) ?? models[0])?.meta?.n_vocab ?? undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function tell(takes: Takes, report: Tools["report"]): void {
  for (const [field, words] of Object.entries(takes.refused)) report.info(`the server refuses ${field}: ${words}`);
  const { prompts, lengths } = takenParams(takes);
  if (prompts === "text") report.warning("prompts are text, and as long as the server's tokenizer makes them");
  if (lengths === "min_tokens") report.warning("answers get their exact length by min_tokens");
  if (lengths === "natural") {
    report.warning("answers end where the model ends them: their lengths are recorded, and make series of their own");
  }
}
