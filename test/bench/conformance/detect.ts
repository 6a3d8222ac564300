import type { Case } from "../../../src/functional/model/case.ts";
import type { CaseResult } from "../../../src/functional/model/result.ts";
import { runSuite } from "../../../src/functional/run/run-suite.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { deviatingProxy } from "./deviating-proxy.ts";
import { deviationOf } from "./deviations.ts";

interface Server {
  url: string;
  model: string;
  /** Key of the server, where it wants one. */
  key?: string;
}

/** The suite against a server, as it is. @param parallel 1: one case after the other */
export async function held(cases: readonly Case[], { url, model, key }: Server, parallel = 8): Promise<CaseResult[]> {
  const tools = recordingTools({ env: key === undefined ? {} : { PITWALL_API_KEY: key } });
  const engine = { baseUrl: url, model, version: null, maxModelLen: 4096, kind: "simulated" as const };
  const run = { suite: "openai", cases, engine, declared: new Set<never>(), detect: true };
  return (await runSuite({ ...run, parallel, repeats: 0, requestSeconds: 30 }, tools)).results;
}

/** The same with the answers to every case made wrong. */
export async function heldWrong(cases: readonly Case[], server: Server): Promise<CaseResult[]> {
  await using proxy = await deviatingProxy(server.url, deviationOf);
  return await held(cases, { ...server, url: proxy.url });
}
