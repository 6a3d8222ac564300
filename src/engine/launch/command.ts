import { delimiter, dirname, resolve } from "node:path";
import { proxiesInBothSpellings } from "../../machine/proxies.ts";
import { programPath } from "../../package-root.ts";
import { vllmProgram } from "../vllm/program.ts";

/** Engines that pitwall starts itself, as a process. */
export type LocalKind = "simulated" | "vllm";

/** 0: any that is free. */
export const DEFAULT_PORT: Record<LocalKind | "docker", number> = { simulated: 0, vllm: 8000, docker: 8000 };

interface Server {
  kind: LocalKind;
  model: string;
  engineArgs: readonly string[];
  host: string;
  port: number;
  /** Where the truth log of a simulated engine goes, seen from our working folder. */
  truth?: string | undefined;
}

/** Program and arguments of an engine. `PITWALL_VLLM` names the vllm of a virtual environment that is not active. */
export function engineCommand(server: Server, env: NodeJS.ProcessEnv): [program: string, ...args: string[]] {
  const { kind, model, engineArgs, host, port, truth } = server;
  const listen = ["--host", host, "--port", String(port)];
  switch (kind) {
    case "simulated": {
      const log = truth === undefined ? [] : ["--truth", resolve(truth)];
      return [process.execPath, programPath("simulator"), ...listen, "--model", model, ...log, ...engineArgs];
    }
    case "vllm":
      return [vllmProgram(env), "serve", model, ...listen, ...engineArgs];
  }
}

/** The engine's environment: ours, without proxies towards itself and with a log that is whole when it crashes. */
export function engineEnvironment(program: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const noProxy = [env.no_proxy || env.NO_PROXY, "localhost", "127.0.0.1", "0.0.0.0"].filter(Boolean).join(",");
  const proxies = proxiesInBothSpellings(env);
  // vLLM's compilers look for tools such as ninja on PATH, where an active virtual environment would have put them.
  const toolFolder = program.includes("/") ? resolve(dirname(program)) : undefined;
  const path = [toolFolder, env.PATH].filter(Boolean).join(delimiter);
  return { ...env, ...proxies, PATH: path, NO_PROXY: noProxy, no_proxy: noProxy, PYTHONUNBUFFERED: "1" };
}
