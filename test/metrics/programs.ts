import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../docker/registry.ts";

const START_WITHIN_MS = 30_000;

interface Running extends AsyncDisposable {
  url: string;
}

/** @param config of its web server, as for a password */
export async function startPushgateway(programs: string, config = ""): Promise<Running> {
  return await start(join(programs, "prometheus-pushgateway"), (folder) => {
    writeFileSync(join(folder, "web.yml"), config);
    return ["--persistence.file=", ...(config === "" ? [] : [`--web.config.file=${join(folder, "web.yml")}`])];
  });
}

interface Scraped {
  /** Address of the Pushgateway that it reads every second. */
  gateway: string;
  /** Numbers of other days, as OpenMetrics with time stamps. */
  before?: string;
}

export async function startPrometheus(programs: string, { gateway, before }: Scraped): Promise<Running> {
  return await start(join(programs, "prometheus"), (folder) => {
    const target = { job_name: "gateway", honor_labels: true, static_configs: [{ targets: [new URL(gateway).host] }] };
    // JSON is YAML.
    const config = JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: [target] });
    writeFileSync(join(folder, "prometheus.yml"), config);
    const data = join(folder, "data");
    if (before !== undefined) fillWith(before, { programs, folder, data });
    return [`--config.file=${join(folder, "prometheus.yml")}`, `--storage.tsdb.path=${data}`];
  });
}

function fillWith(text: string, { programs, folder, data }: { programs: string; folder: string; data: string }): void {
  const file = join(folder, "before.txt");
  writeFileSync(file, text);
  const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, data];
  execFileSync(join(programs, "promtool"), args, { stdio: ["ignore", "ignore", "inherit"] });
}

async function start(program: string, argsIn: (folder: string) => string[]): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "pitwall-metrics-"));
  const address = `127.0.0.1:${await freePort()}`;
  const args = [...argsIn(folder), `--web.listen-address=${address}`, "--log.level=error"];
  const server = spawn(program, args, { cwd: folder, stdio: "ignore" });
  const ended = once(server, "exit");
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  for (const limit = Date.now() + START_WITHIN_MS; Date.now() < limit; await setTimeout(50)) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    // One with a password is ready, too.
    if (answer?.ok || answer?.status === 401) return { url, [Symbol.asyncDispose]: stop };
  }
  await stop();
  throw new Error(`${program} does not start`);
}

export interface Series {
  metric: Record<string, string>;
  value: number;
}

/** What Prometheus answers to an expression, now. */
export async function query(url: string, expression: string): Promise<Series[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  const answer = (await response.json()) as Answer;
  if (answer.status !== "success") throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

interface Answer {
  status: string;
  error?: string;
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

/** Asks until the answer is as it should be: a scrape comes every second. */
export async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    await setTimeout(100);
  }
  return await ask();
}
