import { csvLine } from "../../foreign-text/csv-line.ts";
import type { Run } from "../../result/document/run.ts";
import type { Distribution } from "../../result/metrics/distribution.ts";
import { type ConcurrencyCell, newestConcurrencyCells } from "../concurrency-cells.ts";
import { COLUMNS, LATENCIES, STATISTICS } from "./columns.ts";

/** What stands in the file for a number that there is not; for a word, nothing does. */
const UNAVAILABLE = -1;
const WORDS = new Set(["Backend", "Control_Method", "Provider"]);

/**
 * The newest run's loads as a summary of acs-bench; its times are UTC. Of a load with failed requests only their rate is known.
 * @throws UserError when the loads cannot be told apart in it
 */
export function exportAcsBench(runs: readonly Run[]): string {
  const { run, cells } = newestConcurrencyCells(runs);
  const lines = cells.map((cell) => {
    const values = valuesOf(run, cell);
    return COLUMNS.map((column) => values[column] ?? (WORDS.has(column) ? "" : UNAVAILABLE));
  });
  return [COLUMNS, ...lines].map(csvLine).join("");
}

type Values = Record<string, string | number | undefined>;

function valuesOf(run: Run, { cell, concurrency, inputLen, outputLen }: ConcurrencyCell): Values {
  const { endpoint, temperature, topK, topP, numPrompts } = cell.params;
  const asked = { Temperature: temperature, Top_K: topK, Top_P: topP, Num_Prompts: numPrompts };
  const numbers = Object.entries(asked).filter(([, value]) => typeof value === "number");
  return {
    Execution_Time: run.startedAt.slice(0, 19).replace("T", " "),
    ...{ Input_Length: inputLen, Output_Length: outputLen, Concurrency: concurrency },
    Backend: endpoint === "chat" ? "openai-chat" : "openai",
    // A reader of ours takes no file that says so for measured.
    Provider: run.simulated ? "simulated engine" : run.engine.kind,
    ...(Object.fromEntries(numbers) as Record<string, number>),
    ...(cell.status === "ok" ? measuredIn(cell) : { Fail_Rate: failRateOf(cell) ?? 1 }),
  };
}

function measuredIn({ metrics }: Extract<ConcurrencyCell["cell"], { status: "ok" }>): Values {
  const { output_tokens: answers = {}, input_tokens: prompts = {} } = metrics;
  const latencies = Object.entries(LATENCIES).flatMap(([theirs, ours]) =>
    Object.entries(STATISTICS).map(([statistic, name]) => {
      const ms = (metrics[ours] as Distribution | undefined)?.[name];
      return [`${statistic}_${theirs}(s)`, ms === undefined ? undefined : ms / 1000];
    }),
  );
  return {
    "Total_Token_Throughput(tokens/s)": metrics.total_token_throughput_tok_s,
    "Output_Token_Throughput(tokens/s)": metrics.output_throughput_tok_s,
    "Total_Time(s)": metrics.duration_s,
    QPS: metrics.request_throughput_req_s,
    Fail_Rate: failRateOf(metrics) ?? 0,
    ...{ TP90_COMPLETION_TOKENS: answers.p90, TP95_COMPLETION_TOKENS: answers.p95 },
    ...{ TP99_COMPLETION_TOKENS: answers.p99, AVG_COMPLETION_TOKENS: answers.mean, AVG_PROMPT_TOKENS: prompts.mean },
    ...Object.fromEntries(latencies),
  };
}

/** undefined where nobody counted. */
function failRateOf({ completed, failed }: { completed?: number | undefined; failed?: number | undefined }) {
  if (completed === undefined || failed === undefined || completed + failed === 0) return undefined;
  return failed / (completed + failed);
}
