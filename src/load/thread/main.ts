import { parentPort } from "node:worker_threads";
import { Connections } from "../http/connections.ts";
import type { Target } from "../http/target.ts";
import type { FromThread, ThreadOrder, ToThread } from "./thread-order.ts";
import { buffersOf, threadResultOf } from "./thread-result.ts";
import { ThreadRun } from "./thread-run.ts";
import { watchThread } from "./thread-watch.ts";
import { Wait } from "./wait.ts";

/*
 * A thread that sends requests and reads answers, and does nothing else: progress, telemetry and files are the main
 * thread's, because whatever held up this loop would be measured as the engine's.
 */

const main = parentPort!;
let connections: Connections | undefined;
let threadRun: ThreadRun | undefined;
const wait = new Wait();

const answer = (message: FromThread, transfer: ArrayBuffer[] = []) => main.postMessage(message, transfer);

function connectionsTo(target: Target): Connections {
  if (connections?.leadTo(target)) return connections;
  connections?.close();
  return new Connections(target);
}

async function fly(order: ThreadOrder): Promise<void> {
  threadRun = new ThreadRun(order, connections!, wait);
  const endWatch = watchThread();
  threadRun.start();
  await threadRun.finished;
  const finishedAt = performance.now();
  const threadResult = threadResultOf(threadRun, finishedAt, endWatch(threadRun));
  threadRun = undefined;
  answer({ kind: "finished", threadResult }, buffersOf(threadResult));
}

main.on("message", async (message: ToThread) => {
  switch (message.kind) {
    case "prepare":
      connections = connectionsTo(message.target);
      await Promise.all([connections.prepare(message.connections, message.spare), message.isTimed && wait.prepare()]);
      return answer({ kind: "prepared" });
    case "run":
      return fly(message.order);
    case "cancel":
      return threadRun?.cancel(message.why);
  }
});
