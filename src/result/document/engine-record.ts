import { z } from "zod";
import { StartPhases } from "../metrics/start-phases.ts";

export const ENGINE_KINDS = ["simulated", "vllm", "docker", "kubernetes", "remote"] as const;

/** An engine that had no memory for its context and was started again with a smaller one. */
export const Shrunk = z
  .strictObject({
    from: z.int().positive().nullable().meta({ description: "The length asked for; null: the model's own." }),
    to: z.int().positive(),
  })
  .meta({ description: "max_model_len, by --on-oom shrink." });

/** `<out>/engine.json`: the engine that start-engine brought up, for the steps after it. */
export const EngineRecord = z.strictObject({
  schema: z.literal("pitwall.engine/1"),
  kind: z.enum(ENGINE_KINDS),
  baseUrl: z
    .url()
    .nullable()
    .meta({ description: "Without /v1; null when the engine runs inside the sweep's driver." }),
  model: z.string().meta({ description: "The name that requests use." }),
  modelPath: z.string().meta({ description: "What the engine was told to load." }),
  version: z.string().nullable(),
  maxModelLen: z.int().positive().nullable(),
  dtype: z.string().nullable(),
  args: z.array(z.string()).meta({ description: "Engine arguments as given." }),
  command: z.array(z.string()),
  pid: z.int().positive().nullable(),
  processStart: z
    .string()
    .nullable()
    .meta({ description: "Start time of that pid in clock ticks: a reused pid differs." }),
  secondsToReady: z.number().nonnegative().nullable().meta({ description: "null: it never was." }),
  startPhases: StartPhases.optional().meta({ description: "As its log tells them; absent when it tells none." }),
  startedAt: z.iso.datetime(),
  startMeasured: z
    .literal(true)
    .optional()
    .meta({ description: "By startup-benchmark: its cells hold these seconds, and no run waited for them besides." }),
  logFile: z.string().nullable(),
  shrunk: Shrunk.optional(),
  image: z.string().optional().meta({ description: "Of an engine in a container: the image as asked for." }),
  imageDigest: z
    .string()
    .optional()
    .meta({ description: "name@sha256:… as a registry knows it; the id of an image that was never in one." }),
  container: z
    .strictObject({
      program: z.string().meta({ description: "The docker client." }),
      daemon: z.string().nullable().meta({ description: "DOCKER_HOST; null for the client's own default." }),
      name: z.string(),
      id: z.string().nullable().meta({ description: "null until the engine is ready." }),
      pid: z
        .int()
        .positive()
        .nullable()
        .meta({ description: "The container's first process, where it is seen from here." }),
    })
    .optional(),
  cluster: z
    .strictObject({
      program: z.string().meta({ description: "kubectl." }),
      kubeconfig: z.string().nullable().meta({ description: "KUBECONFIG; null for kubectl's own default." }),
      context: z.string().nullable().meta({ description: "--kube-context; null for the kubeconfig's current one." }),
      objects: z
        .array(
          z.strictObject({
            apiVersion: z.string(),
            kind: z.string(),
            name: z.string(),
            namespace: z.string().nullable(),
          }),
        )
        .meta({ description: "What is deleted when the engine is stopped." }),
      pods: z
        .array(z.strictObject({ name: z.string(), uid: z.string(), restarts: z.record(z.string(), z.int()) }))
        .meta({ description: "Those that served when it was ready, and how often each container had begun anew." }),
      gpu: z.string().nullable().meta({ description: "As the labels of the pods' nodes name it." }),
      gpuCount: z.int().positive().nullable().meta({ description: "As the pods' limits ask for." }),
      driver: z.string().nullable(),
    })
    .optional(),
});
export type EngineRecord = z.infer<typeof EngineRecord>;
