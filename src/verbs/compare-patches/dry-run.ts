import type { Availability } from "../../images/registry/availability.ts";
import { present } from "../../result/present.ts";
import type { PlannedArm } from "./arms.ts";
import type { Parameters } from "./parameters.ts";
import type { PlannedTask } from "./plan.ts";

/** What would run, for a terminal: images, patches and parameters of each commit. */
export const dryRunText = (tasks: readonly PlannedTask[]): string => tasks.map(taskText).join("\n\n");

/** The same for programs; without the texts of patches. */
export const dryRunJson = (tasks: readonly PlannedTask[]): object => ({
  tasks: tasks.map(({ pair, parameters, problem, arms }) =>
    present({
      ...{ commit: pair.commit, problem },
      parameters: parameters && {
        ...parameters,
        requestRate: parameters.requestRate === Number.POSITIVE_INFINITY ? "inf" : parameters.requestRate,
      },
      arms: arms.map(({ patch, ...arm }) => present({ ...arm, patch: patch?.file })),
    }),
  ),
});

function taskText({ pair, parameters, problem, arms }: PlannedTask): string {
  const model = parameters?.model ?? pair.model ?? "no model";
  const original = parameters?.originalModel === undefined ? "" : ` (in place of ${parameters.originalModel})`;
  const lines = [`${pair.commit} ${model}${original}`, ...arms.map(armText)];
  if (parameters === undefined) return [...lines, `  not measured: ${problem}`].join("\n");
  return [...lines, `  ${parametersText(parameters)}`, ...parameters.notes.map((note) => `  note: ${note}`)].join("\n");
}

const STATES: Record<Availability["state"], string> = {
  ...{ here: "here", in_registry: "in its registry", missing: "MISSING", unknown: "not known" },
};

function armText({ name, image, patch, availability, refused }: PlannedArm): string {
  const where = image === undefined ? "" : `${image} (${STATES[availability.state]})`;
  const onto = patch === undefined ? "" : ` + ${patch.file}`;
  const why = refused === undefined ? "" : `: ${refused.end}, ${refused.detail}`;
  return `  ${name}: ${where}${onto}${why}`;
}

function parametersText(parameters: Parameters): string {
  const { benchmark, requests, inputLen, outputLen, concurrency, requestRate, warmupRequests, engineArgs } = parameters;
  const size = `${inputLen} tokens in, ${outputLen} out`;
  const load =
    benchmark === "latency"
      ? `${requests} batches of ${concurrency}, ${size}`
      : `${requests} requests, ${size}, ${loadText(benchmark, concurrency, requestRate)}`;
  const given = [...parameters.variables, ...engineArgs];
  const more = given.length === 0 ? "" : `, engine: ${given.join(" ")}`;
  return `${benchmark}: ${load}, ${warmupRequests} to warm up, ${parameters.endpoint}, seed ${parameters.seed}, ${parameters.timeoutSeconds} s at most${more}`;
}

function loadText(benchmark: Parameters["benchmark"], concurrency: number, rate: number): string {
  if (benchmark === "throughput") return "all at once";
  return `${concurrency} in flight, ${rate === Number.POSITIVE_INFINITY ? "rate inf" : `${rate} a second`}`;
}
