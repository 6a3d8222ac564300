import { latencySweep } from "../verbs/latency-sweep.ts";
import { runAction } from "./run-action.ts";

await runAction(latencySweep);
