import { readdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { engineEnvironment } from "../../engine/launch/command.ts";
import { forgetDriver, recordDriver, stopLeftDriver } from "../../engine/left-driver.ts";
import { engineLogTail } from "../../engine/log.ts";
import { API_KEY_VARIABLE } from "../../engine/server/api-key.ts";
import { UsageError, UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import { runToLog } from "../../machine/process.ts";
import { findProgram } from "../../machine/program.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Failure } from "../../result/document/reason.ts";
import { logsFolder, rawFolder } from "../../working-folder/names.ts";
import type { NoAnswer } from "../ask/answer.ts";
import { PATHS } from "../ask/question.ts";
import { type LmEvalResults, readLmEvalResults } from "./results-file.ts";
import { type LmEvalSample, readLmEvalSamples } from "./samples-file.ts";
import { startWatchingProxy } from "./watching-proxy.ts";

/** The variable that names the program, where it is not on PATH. */
const LM_EVAL_VARIABLE = "PITWALL_LM_EVAL";

export interface LmEvalCall {
  /** A task or group as lm-eval knows it. */
  task: string;
  engine: EngineRecord & { baseUrl: string };
  endpoint: "chat" | "completions";
  concurrency: number;
  requestTimeout: number;
  limit?: number | undefined;
  /** More of its own arguments, and of those in `--model_args`. */
  args: readonly string[];
  modelArgs?: string | undefined;
  /** The working folder `<out>`. */
  output: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export interface LmEvalEnd extends LmEvalResults {
  samples: Map<string, LmEvalSample[]>;
  unanswered: NoAnswer[];
}

/**
 * Runs lm-eval on one task against a served model, and reads what it wrote.
 * @returns what failed, where it ended otherwise than well or wrote nothing: its exit code alone proves nothing
 * @throws UsageError when it is not there; the signal's reason on abort
 */
export async function runLmEval(call: LmEvalCall): Promise<LmEvalEnd | { failure: Failure }> {
  const { task, engine, output, env, signal, requestTimeout } = call;
  const program = lmEvalProgram(env);
  const name = task.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  const folder = resolve(rawFolder(output), "lm-eval", name);
  const logFile = resolve(logsFolder(output), `lm-eval-${name}.log`);
  await stopLeftDriver(output);
  // What an earlier run wrote must not be taken for this one's.
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  await using proxy = await startWatchingProxy({ baseUrl: engine.baseUrl, requestTimeout, signal });
  const args = lmEvalArguments(call, proxy.url, folder);
  const onStart = (pid: number) => recordDriver(output, pid, logFile);
  const exit = await runToLog(program, args, { logFile, env: ownEnvironment(program, env), signal, onStart }).finally(
    () => forgetDriver(output),
  );
  signal.throwIfAborted();
  const unanswered = proxy.unanswered();
  const [first] = unanswered;
  const lost =
    first === undefined
      ? ""
      : `; ${unanswered.length} requests had no answer, the first: ${first.why}, ${first.detail}`;
  const failed = async (what: string) => {
    const logTail = await engineLogTail({ logFile });
    return { failure: { reason: "client_failed" as const, detail: `lm-eval ${what}${lost}`, logTail } };
  };
  if (exit !== 0) return await failed(`ended with ${typeof exit === "number" ? `exit code ${exit}` : exit}`);
  try {
    const written = await readWritten(folder);
    return written === undefined
      ? await failed("ended with exit code 0 but wrote no results")
      : { ...written, unanswered };
  } catch (error) {
    if (error instanceof UserError) return await failed(`ended with exit code 0, but ${error.message}`);
    throw error;
  }
}

/** @returns undefined where there are no results. @throws UserError for files that are none of lm-eval's */
async function readWritten(folder: string): Promise<Omit<LmEvalEnd, "unanswered"> | undefined> {
  const files = await writtenIn(folder);
  if (files.results === undefined) return undefined;
  const results = readLmEvalResults(await readPlain(files.results), files.results);
  const samples = new Map<string, LmEvalSample[]>();
  for (const [task, path] of files.samples) {
    samples.set(task, readLmEvalSamples(await readPlain(path, { largestMib: LARGEST_DATA_MIB }), path));
  }
  return { ...results, samples };
}

/** @throws UsageError when it is not there */
function lmEvalProgram(env: NodeJS.ProcessEnv): string {
  const named = env[LM_EVAL_VARIABLE];
  const found = named ? findProgram(named, env) : (findProgram("lm-eval", env) ?? findProgram("lm_eval", env));
  if (found !== undefined) return found;
  const where = named ? `${LM_EVAL_VARIABLE} names ${named}, which is no program` : "lm-eval is not on PATH";
  throw new UsageError(`${where}: install it (pip install "lm-eval[api]"), or name it in ${LM_EVAL_VARIABLE}`);
}

/** Our proxy has the server's key; a key of somebody else's server must not get into its requests. */
function ownEnvironment(program: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [API_KEY_VARIABLE]: _, ...rest } = engineEnvironment(program, env);
  return { ...rest, OPENAI_API_KEY: "none" };
}

/** Arguments by which lm-eval would ask another server, or keep back what is read afterwards. */
const OURS = new Set([
  ...["--model", "-M", "--model_args", "-a", "--tasks", "-t", "--output_path", "-o"],
  ...["--predict_only", "-x", "--config", "-C"],
]);

/** @throws UsageError for a model whose name lm-eval cannot be told */
function lmEvalArguments(call: LmEvalCall, url: string, folder: string): string[] {
  const { task, engine, endpoint, concurrency, limit, args, modelArgs } = call;
  const { model, modelPath } = engine;
  const own = args.find((one) => OURS.has(one.replace(/=.*/s, "")));
  if (own !== undefined) throw new UsageError(`lm-eval gets ${own} from pitwall: leave it out of its arguments`);
  const settings = {
    base_url: `${url}${PATHS[endpoint]}`,
    model,
    num_concurrent: concurrency,
    // Likelihoods are asked in tokens, by the tokenizer of the weights.
    ...(endpoint === "completions" && modelPath !== model ? { tokenizer: modelPath } : {}),
  };
  const odd = Object.values(settings).find((value) => /[,=\s]/.test(String(value)));
  if (odd !== undefined) throw new UsageError(`lm-eval cannot be told of “${odd}”: its settings are divided by commas`);
  const told = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [
    ...["run", "--model", endpoint === "chat" ? "local-chat-completions" : "local-completions"],
    ...["--model_args", [...told, ...(modelArgs === undefined ? [] : [modelArgs])].join(",")],
    ...["--tasks", task, "--output_path", folder, "--log_samples"],
    ...(endpoint === "chat" ? ["--apply_chat_template"] : []),
    ...(limit === undefined ? [] : ["--limit", String(limit)]),
    ...args,
  ];
}

/** lm-eval makes a folder of the model's name, and puts the time into each name. */
async function writtenIn(folder: string): Promise<{ results?: string; samples: [string, string][] }> {
  const names = (await readdir(folder, { recursive: true })).toSorted();
  const results = names.filter((name) => /^results_.+\.json$/.test(basename(name))).at(-1);
  const samples = names.flatMap((name): [string, string][] => {
    const [, task] = /^samples_(.+)_\d{4}-\d\d-\d\dT[\d.-]{1,40}\.jsonl$/.exec(basename(name)) ?? [];
    return task === undefined ? [] : [[task, join(folder, name)]];
  });
  return { ...(results === undefined ? {} : { results: join(folder, results) }), samples };
}
