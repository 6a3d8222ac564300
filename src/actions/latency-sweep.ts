import { latencySweep } from "../verbs/latency-sweep/latency-sweep.ts";
import { runAction } from "./run-action.ts";

await runAction(latencySweep);
