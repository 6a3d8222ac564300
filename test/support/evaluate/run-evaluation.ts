import { readFileSync } from "node:fs";
import { sourceOf } from "../../../src/evaluate/repository/source.ts";
import { dockerRuntime } from "../../../src/evaluate/runtime/docker/docker.ts";
import { GOLD } from "../../../src/evaluate/work/candidate.ts";
import { evaluate } from "../../../src/evaluate/work/evaluation.ts";
import { recordingTools } from "../recording-tools.ts";
import { imageRuntime, type Planned } from "./small-evaluation.ts";

/*
 * An evaluation in containers, as a process of its own that can be killed: node run-evaluation.ts PLAN.json. Prints a line for
 * each instance.
 */

const plan: Planned & { origin: string; image: string } = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
await evaluate(
  {
    ...plan,
    limitsOf: () => plan.limits,
    candidates: [GOLD],
    runtime: dockerRuntime(imageRuntime(plan.image)),
    settings: {},
    sourceOf: ({ repo }) => sourceOf(plan.origin, repo),
    onFinished: async ({ id }, { isReused }) => console.log(`${id} ${isReused ? "known" : "done"}`),
  },
  recordingTools(),
);
