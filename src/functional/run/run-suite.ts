import { API_KEY_VARIABLE } from "../../engine/server/api-key.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Tools } from "../../tools.ts";
import { redacting } from "../client/redact.ts";
import type { Target } from "../client/send.ts";
import type { Capability } from "../model/capabilities.ts";
import type { Answer, Case } from "../model/case.ts";
import type { CaseResult } from "../model/result.ts";
import { countsOf, type FunctionalReport } from "../report/report.ts";
import { askedFor, type Detected, detectCapabilities } from "./detect.ts";
import { identityOf, runCases } from "./run-cases.ts";

/** A suite, and how it is held against a server. */
export interface SuiteRun {
  suite: string;
  cases: readonly Case[];
  /** Whoever serves the model; its base URL is without /v1. */
  engine: Pick<EngineRecord, "model" | "version" | "maxModelLen" | "kind"> & { baseUrl: string };
  /** What the server has by its owner's word: cases that need it are run, whatever the server says. */
  declared: ReadonlySet<Capability>;
  /** Ask the server what else it has. */
  detect: boolean;
  parallel: number;
  repeats: number;
  requestSeconds: number;
  onAnswers?(result: CaseResult, answers: readonly Answer[]): void;
}

/** Holds a served model against a suite. @throws the reason of an abort */
export async function runSuite(run: SuiteRun, { env, signal, report }: Tools): Promise<FunctionalReport> {
  const { engine, cases, suite } = run;
  const { baseUrl, model, maxModelLen, version } = engine;
  const startedAt = new Date().toISOString();
  const asked: Target = { baseUrl, model, requestSeconds: run.requestSeconds, env, signal };
  const detected: Detected = run.detect ? await detectCapabilities(asked) : NOTHING;
  const supported = new Set([...run.declared, ...detected.supported]);
  const target = askedFor(asked, supported);
  const missingOf = ({ needs }: Case) => needs.filter((need) => !supported.has(need));
  const able = cases.filter((one) => missingOf(one).length === 0);
  const progress = report.progress(`Asking cases of ${suite}`, able.length);
  let done = 0;
  const onResult = (result: CaseResult, answers: readonly Answer[]) => {
    done += 1;
    progress.update(done);
    run.onAnswers?.(result, answers);
  };
  const redact = redacting([env[API_KEY_VARIABLE]]);
  const options = {
    target,
    served: { model, maxModelLen },
    parallel: run.parallel,
    repeats: run.repeats,
    redact,
    onResult,
  };
  const ran = await runCases(able, options).finally(() => progress.end());
  const byId = new Map(ran.results.map((result) => [result.id, result]));
  const results = cases.map((one) => byId.get(one.id) ?? unsupported(one, missingOf(one)));
  return {
    schema: "pitwall.functional/1",
    ...{ suite, baseUrl, model, engineVersion: version },
    simulated: engine.kind === "simulated" || (version ?? "").includes("simulated"),
    ...{ startedAt, finishedAt: new Date().toISOString() },
    capabilities: {
      supported: [...supported].toSorted(),
      lacking: Object.fromEntries([...detected.lacking].map(([name, why]) => [name, redact(why)])),
    },
    ...(ran.died === undefined ? {} : { died: ran.died }),
    summary: countsOf(results),
    flaky: results.filter(({ flaky }) => flaky).length,
    results,
  };
}

const NOTHING: Detected = { supported: new Set(), lacking: new Map() };

const unsupported = (one: Case, missing: readonly Capability[]): CaseResult => ({
  ...identityOf(one),
  outcome: "unsupported",
  missing: [...missing],
});
