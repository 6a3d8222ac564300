import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { engineEnvironment } from "../../engine/launch/command.ts";
import { forgetDriver, recordDriver, stopLeftDriver } from "../../engine/left-driver.ts";
import { engineLogTail } from "../../engine/log.ts";
import { API_KEY_VARIABLE } from "../../engine/server/api-key.ts";
import { isAtLeast, refuseUnknownFlags } from "../../engine/vllm/profile.ts";
import { findPython, vllmProgram } from "../../engine/vllm/program.ts";
import { packagedVersion } from "../../engine/vllm/version.ts";
import { UsageError, UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import { runToLog } from "../../machine/process.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { readServeFile } from "../../result/vllm/file.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { concurrencyLimit, type Load } from "../../workload/load-plan.ts";
import type { ClientEnd, ServingClient, ServingLoad } from "./serving-client.ts";

interface VllmClientOptions {
  engine: EngineRecord & { baseUrl: string };
  /** Folder for vLLM's own result files. */
  rawFolder: string;
  /** The working folder `<out>`. */
  output: string;
  /** Arguments besides those that the load decides. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** `vllm bench serve` of vLLM itself, from PATH or PITWALL_VLLM: a child process for each cell. */
export function vllmClient({ engine, rawFolder, output, args: more, env }: VllmClientOptions): ServingClient {
  // Asking the program for its version takes as long as a cell; an engine that it started has the same one.
  const known = engine.kind === "vllm" ? engine.version : null;
  return {
    identity: { kind: "vllm", version: known ?? "unknown" },
    close: async () => {},
    async measure(name, load, { signal, onMeasuring }) {
      const resultFile = join(rawFolder, `${name}.json`);
      const logFile = resolve(logsFolder(output), `bench-serve-${name}.log`);
      await stopLeftDriver(output);
      await makeFolder(rawFolder);
      await rm(resultFile, { force: true });
      const version = known ?? (await packagedVersion(env)) ?? null;
      const [program, ...args] = clientCommand(version, benchServeArgs(engine, load, resultFile, version, more), env);
      onMeasuring();
      const key = env[API_KEY_VARIABLE];
      // As an engine has it: with a loopback that no proxy stands before.
      const own = engineEnvironment(program, env);
      const clientEnv = key ? { ...own, OPENAI_API_KEY: key } : own;
      const onStart = (pid: number) => recordDriver(output, pid, logFile);
      const exit = await runToLog(program, args, { logFile, env: clientEnv, signal, onStart }).finally(() =>
        forgetDriver(output),
      );
      return endOf(exit, resultFile, logFile);
    },
  };
}

const PERCENTILES = "10,25,50,75,90,95,99,99.9";

/** @throws UsageError when this vLLM has no such program */
function clientCommand(version: string | null, args: string[], env: NodeJS.ProcessEnv): [string, ...string[]] {
  if (isAtLeast(version, "0.8.0")) return [vllmProgram(env), "bench", "serve", ...args];
  if (env.PITWALL_VLLM_BENCHMARKS) {
    return [findPython(env), join(env.PITWALL_VLLM_BENCHMARKS, "benchmark_serving.py"), ...args];
  }
  throw new UsageError(
    `vLLM ${version} has no \`vllm bench serve\`, which came with 0.8: set PITWALL_VLLM_BENCHMARKS to the folder benchmarks of its sources, or take --client pitwall`,
  );
}

/** Everything that decides the load is said aloud: vLLM's defaults differ by version. */
function benchServeArgs(
  engine: VllmClientOptions["engine"],
  { load, bound, prompts, seed, warmupRequests }: ServingLoad,
  resultFile: string,
  version: string | null,
  more: readonly string[],
): string[] {
  if (prompts.kind !== "random" || bound.kind !== "requests") {
    throw new UsageError("`vllm bench serve` takes random prompts here, and a number of them");
  }
  const limit = concurrencyLimit(load);
  const options = {
    ...backendOption(version),
    "base-url": engine.baseUrl,
    endpoint: "/v1/completions",
    model: engine.model,
    tokenizer: engine.modelPath,
    "dataset-name": "random",
    "random-input-len": prompts.inputLen,
    "random-output-len": prompts.outputLen,
    "num-prompts": bound.count,
    ...rateOptions(load),
    ...(Number.isFinite(limit) ? { "max-concurrency": limit } : {}),
    ...(warmupRequests > 0 || isAtLeast(version, "0.11.1") ? { "num-warmups": warmupRequests } : {}),
    seed,
    // Until then it is 0 without being asked.
    ...(isAtLeast(version, "0.9.1") ? { temperature: 0 } : {}),
    "percentile-metrics": "ttft,tpot,itl,e2el",
    "metric-percentiles": PERCENTILES,
    "result-dir": join(resultFile, ".."),
    "result-filename": basename(resultFile),
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const args = [...flags, "--ignore-eos", "--save-result", ...more];
  if (version !== null) refuseUnknownFlags(args, version, { program: "vllm bench serve", source: "--client vllm" });
  return args;
}

/** `vllm bench serve` has --backend since 0.11; the scripts before it had it always. */
function backendOption(version: string | null): Record<string, string> {
  if (isAtLeast(version, "0.11.0") || !isAtLeast(version, "0.8.0")) return { backend: "vllm" };
  return { "endpoint-type": isAtLeast(version, "0.9.1") ? "vllm" : "openai-comp" };
}

function rateOptions(load: Load) {
  if (load.kind === "closed-loop") return { "request-rate": "inf" };
  if (load.arrivals.kind !== "rate") throw new UsageError("`vllm bench serve` takes a request rate here");
  const { requestRate, burstiness } = load.arrivals;
  const rate = Number.isFinite(requestRate) ? requestRate : "inf";
  return burstiness === 1 ? { "request-rate": rate } : { "request-rate": rate, burstiness };
}

/** Exit code 0 proves nothing; the file was removed before the start, so if it is there it is this run's. */
async function endOf(exit: number | NodeJS.Signals, resultFile: string, logFile: string): Promise<ClientEnd> {
  const fail = async (detail: string): Promise<ClientEnd> => {
    const logTail = await engineLogTail({ logFile });
    return { warmupSeconds: 0, measuredSeconds: 0, failure: { reason: "client_failed", detail, logTail } };
  };
  const how = typeof exit === "number" ? `exit code ${exit}` : exit;
  if (exit !== 0) return fail(`\`vllm bench serve\` ended with ${how}`);
  if (!existsSync(resultFile)) return fail(`\`vllm bench serve\` ended with ${how} but wrote no result file`);
  try {
    const text = await readPlain(resultFile, { largestMib: LARGEST_DATA_MIB });
    const { measurement } = readServeFile(text, resultFile);
    return { warmupSeconds: 0, measuredSeconds: measurement.metrics.duration_s ?? 0, measurement };
  } catch (error) {
    if (error instanceof UserError) return fail(error.message);
    throw error;
  }
}
