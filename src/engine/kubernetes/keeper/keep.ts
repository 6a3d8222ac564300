import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson } from "../../../files.ts";
import { EngineRecord } from "../../../result/document/engine-record.ts";
import { lookAtPods } from "../look.ts";
import { isSelected } from "../pod.ts";
import { kubectlChild, lastError } from "./child.ts";
import { type Baseline, endByList, endOf } from "./engine-end.ts";
import { PodLogs } from "./logs.ts";
import type { Orders } from "./orders.ts";
import { PodEvents } from "./pod-events.ts";

const LOOK_MS = 250;
const AGAIN_MS = 1000;
/** What a container that has ended may still have to say, and the time kubectl takes to start on a busy machine. */
const LAST_WORDS_MS = 10_000;

/**
 * Stands for an engine in a cluster as its process here: prints the logs of its pods, keeps the tunnel to its service open,
 * and ends when one of the pods does, once the engine is up. Its last line says why.
 * @returns the exit code
 */
export async function keep(orders: Orders): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const logs = new PodLogs(orders);
  let baseline: Baseline = [];
  const judge = (why: string | undefined) => {
    if (why !== undefined) end(why);
  };
  const look = async () => {
    // Nothing is expected of anybody before the engine is up.
    if (baseline.length === 0) return;
    const pods = await lookAtPods(orders.kubectl, orders.selectors, {});
    // The watch may not have told of them yet.
    for (const pod of pods) logs.see(pod);
    judge(endByList(pods, baseline));
  };
  for (const namespace of new Set(orders.selectors.map((selector) => selector.namespace))) {
    void watchPods(orders, namespace, look, (event) => {
      if (!isSelected(event.pod, orders.selectors)) return;
      logs.see(event.pod);
      judge(endOf(event, baseline));
    });
  }
  if (orders.forward !== null) void forward(orders, orders.forward);
  void podsServing(orders).then(async (pods) => {
    baseline = pods;
    // What happened before the watch began.
    await look().catch(() => undefined);
  });
  const why = await ended;
  await logs.settle(LAST_WORDS_MS);
  // In a form that whoever reads the log for a cause knows.
  say(`ERROR: ${why}`);
  return 1;
}

/** The pods of the engine, as soon as its record says that it is up. */
async function podsServing({ servedFile }: Orders): Promise<Baseline> {
  while (!existsSync(servedFile)) await sleep(LOOK_MS);
  const { cluster } = await readJson(servedFile, EngineRecord);
  return cluster?.pods ?? [];
}

/** Our output is the engine's log, a file. */
const say = (text: string) => process.stdout.write(`${text}\n`);

type OnEvent = (event: ReturnType<PodEvents["take"]>[number]) => void;

/** The server ends a watch now and then, and may be away for a while: what was missed comes with the next one. */
async function watchPods(
  { kubectl }: Orders,
  namespace: string,
  look: () => Promise<void>,
  onEvent: OnEvent,
): Promise<never> {
  const args = ["get", "pods", "--namespace", namespace, "--watch", "--output-watch-events", "-o", "json"];
  for (;;) {
    const child = kubectlChild(kubectl, args, "pipe");
    const events = new PodEvents();
    child.stdout!.setEncoding("utf8").on("data", (text: string) => events.take(text).forEach(onEvent));
    const problem = await lastError(child);
    if (problem !== "") say(`pitwall: the pods cannot be watched, trying again: ${problem}`);
    await sleep(AGAIN_MS);
    await look().catch(() => undefined);
  }
}

/** A tunnel leads to one pod, and ends with it, with the server or by itself. */
async function forward({ kubectl }: Orders, { namespace, service, port, localPort }: NonNullable<Orders["forward"]>) {
  const place = ["--namespace", namespace, "--address", "127.0.0.1"];
  let said = "";
  for (;;) {
    // Its output has a line for every connection.
    const args = ["port-forward", `service/${service}`, `${localPort}:${port}`, ...place];
    const problem = await lastError(kubectlChild(kubectl, args, "ignore"));
    if (problem !== said) say(`pitwall: the tunnel ended, opening it again: ${problem}`);
    said = problem;
    await sleep(AGAIN_MS);
  }
}
