import type { StartPhases } from "./start-phases.ts";

const start = { kind: "distribution", unit: "s", better: "lower", tolerance: 0.1 } as const;

/** Metrics of an engine's start; one sample a start. The phases are those that its log names. */
export const START_METRICS = {
  startup_s: { ...start, label: "Start-up time", description: "From making the process to the first healthy answer." },
  weights_load_s: { ...start, label: "Loading weights", description: "Reading the weights, as the engine's log says." },
  model_load_s: { ...start, label: "Loading the model", description: "Loading the model, weights included." },
  compile_s: { ...start, label: "Compiling", description: "torch.compile, or reading what it had cached." },
  memory_profile_s: { ...start, label: "Profiling memory", description: "Measuring the memory left for the KV cache." },
  graph_capture_s: { ...start, label: "Capturing graphs", description: "Capturing CUDA graphs." },
  engine_init_s: {
    ...start,
    label: "Initialising",
    description: "Profiling, making the KV cache and warming up, all together.",
  },
} as const;

/** The metric of each phase. */
export const PHASE_METRICS = {
  weightsSeconds: "weights_load_s",
  modelSeconds: "model_load_s",
  compileSeconds: "compile_s",
  profileSeconds: "memory_profile_s",
  graphCaptureSeconds: "graph_capture_s",
  initSeconds: "engine_init_s",
} as const satisfies Record<keyof StartPhases, keyof typeof START_METRICS>;
