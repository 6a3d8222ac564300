import { runAction } from "../github/run-action.ts";
import { latencySweep } from "../verbs/latency-sweep/latency-sweep.ts";

await runAction(latencySweep);
