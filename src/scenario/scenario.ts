import { z } from "zod";

/*
 * A scenario: a served model and how it comes up, as vllm_cibench writes it in configs/scenarios/<id>.yaml; the same map may
 * stand under `scenarios` in pitwall.yml. Its own schema forbids keys that its orchestrator reads (autostart, accuracy, perf,
 * k8s_delete_yaml, base_path): here they may stand at the top or under `raw`, where its loader puts them.
 */

const text = z.coerce.string().trim().min(1);
const path = z.string().trim().min(1);
const switches = z.boolean();
/** `tensor_parallel_size: 2` is `--tensor-parallel-size 2`; true is the flag alone. */
const ArgumentValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

const MODES = ["local", "k8s-hybrid", "k8s-pd"] as const;

const Kubernetes = z.strictObject({
  namespace: text.optional(),
  service_name: text.optional(),
  port_name: text.optional(),
  node_port: z.int().min(1).max(65_535).optional(),
});

const Gate = z.strictObject({
  rps_drop: z.number().min(0).max(1).optional(),
  latency_rise: z.number().min(0).optional(),
  fail_rate: z.number().min(0).max(1).optional(),
});

/** May stand at the top and under `raw`. */
const optional = {
  served_model_name: text.optional(),
  quant: text.optional().meta({ description: "A label of the numbers: w8a8, w4a8, none." }),
  features: z
    .strictObject({
      guided_decoding: switches.optional(),
      function_call: switches.optional(),
      reasoning: switches.optional(),
    })
    .optional(),
  base_url: z.url().optional(),
  base_path: z.string().optional().meta({ description: "Path before the endpoints, /v1 by default." }),
  k8s: Kubernetes.optional(),
  k8s_delete_yaml: path.optional(),
  pd: z
    .strictObject({
      scheduler_params: z.string().optional(),
      prefill_params: z.string().optional(),
      decode_params: z.string().optional(),
    })
    .optional(),
  startup_timeout_seconds: z.number().positive().optional(),
  env: z.record(z.string(), z.coerce.string()).optional(),
  args: z.record(z.string(), ArgumentValue).optional(),
  autostart: switches.optional(),
  accuracy: z.record(z.string(), z.unknown()).optional(),
  functional: path.optional().meta({ description: "File of functional cases of this scenario." }),
  perf: z.strictObject({ mode: z.enum(["mock", "real"]).optional(), profile: path.optional() }).optional(),
  gate: Gate.optional(),
  manifest: path.optional().meta({ description: "Kubernetes manifest, a file or folder, that brings the engine up." }),
  engine: z.enum(["simulated", "vllm", "docker", "remote", "kubernetes"]).optional(),
  inputs: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: "Inputs of pitwall's verbs for this scenario, as in pitwall.yml." }),
};

export const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const required = { mode: z.enum(MODES), model: text };

const withRaw = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject({
    ...shape,
    ...required,
    ...optional,
    raw: z
      .strictObject({ ...shape, ...optional })
      .partial()
      .optional(),
  });

/** `configs/scenarios/<id>.yaml`. */
export const ScenarioFile = withRaw({
  id: z.string().regex(ID, "must be a name of letters, digits, dots, dashes and underscores"),
});
/** An entry of `scenarios` in pitwall.yml, whose id is its key. */
export const ScenarioEntry = withRaw({});

export type Scenario = Omit<z.output<typeof ScenarioFile>, "raw">;

/** What stands at the top goes before what stands under `raw`; maps of both are one. */
export function flattened({ raw = {}, ...top }: z.output<typeof ScenarioFile>): Scenario {
  const { k8s, features, env, args } = raw;
  const both = {
    ...(k8s || top.k8s ? { k8s: { ...k8s, ...top.k8s } } : {}),
    ...(features || top.features ? { features: { ...features, ...top.features } } : {}),
    ...(env || top.env ? { env: { ...env, ...top.env } } : {}),
    ...(args || top.args ? { args: { ...args, ...top.args } } : {}),
  };
  return { ...raw, ...top, ...both };
}
