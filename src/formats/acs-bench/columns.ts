/*
 * The columns of acs-bench's summary, a line a load: times in seconds, those that a server tells in milliseconds.
 */

const statistics = (names: readonly string[], of: string) => names.map((name) => `${name}_${of}`);
const WIDE = ["TP75", "TP90", "TP95", "TP99", "MAX", "AVG"];
const RATES = ["TP90", "TP95", "TP99", "MIN", "MAX", "AVG"];

/** All of them, in the order of the file. */
export const COLUMNS: readonly string[] = [
  ...["Execution_Time", "Input_Length", "Output_Length", "Concurrency"],
  ...["Total_Token_Throughput(tokens/s)", "Output_Token_Throughput(tokens/s)"],
  ...statistics(WIDE, "TTFT(s)"),
  ...statistics(WIDE, "TPOT(s)"),
  ...statistics(["TP90", "TP95", "TP99", "MAX", "AVG"], "TPOT_SEC(s)"),
  ...statistics(RATES, "TIME_BETWEEN_FIRST_AND_SECOND_TOKEN(s)"),
  ...statistics(WIDE, "E2E(s)"),
  ...["Total_Time(s)", "QPS", "Fail_Rate", "Backend", "Temperature", "Top_K", "Top_P"],
  ...["Control_Method", "Growth_Rate", "Rounds", "Num_Prompts", "Provider"],
  ...statistics(["TP90", "TP95", "TP99", "MIN", "AVG"], "COMPLETION_TOKENS"),
  ...["AVG_REASONING_TOKENS", "AVG_CONTENT_TOKENS", "AVG_PROMPT_TOKENS"],
  ...statistics(WIDE, "SERVER_TTFT(ms)"),
  ...statistics(WIDE, "SERVER_TPOT(ms)"),
  ...statistics(WIDE, "SERVER_E2E(ms)"),
  ...statistics(RATES, "SPEC_ACCEPT_RATE"),
];

/** Without these a file is no summary of acs-bench; others, and columns of other versions, may be missing. */
export const REQUIRED: readonly string[] = [
  ...["Execution_Time", "Input_Length", "Output_Length", "Concurrency"],
  ...["Total_Token_Throughput(tokens/s)", "Output_Token_Throughput(tokens/s)", "QPS", "Fail_Rate"],
];

/** Our name of each latency. */
export const LATENCIES = { TTFT: "ttft_ms", TPOT: "tpot_ms", E2E: "e2el_ms" } as const;

/** Our name of each statistic; the largest value has none. */
export const STATISTICS = { TP75: "p75", TP90: "p90", TP95: "p95", TP99: "p99", AVG: "mean" } as const;
