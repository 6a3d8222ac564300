import type { Stage } from "./sign.ts";

/** Functions and lines of vLLM 0.6 to 0.32 as its tracebacks show them. */
const FRAMES: [Stage, RegExp][] = [
  [
    "graph_capture",
    /\bcapture_model\b|\bcapture_(?:begin|end)\b|torch\.cuda\.graph\(|\bcapture_graph\b|cuda_graph_runner/,
  ],
  [
    "warm_up",
    /\bcompile_or_warm_up_model\b|\bkernel_warmup\b|\b_warm_up_model\b|\b_dummy_(?:sampler|pooler)_run\b|\bin _?(?:run_compilation|precompile_\w+)\b/,
  ],
  ["profiling", /\b(?:profile_run|determine_available_memory|determine_num_available_blocks|profile_multimodal)\b/],
  [
    "kv_cache",
    /\bin (?:initialize_kv_cache\w*|_?allocate_kv_cache\w*|_allocate\w*|initialize_from_config|_init_cache_engine)\b/,
  ],
  ["load", /\bin (?:load_model|load_weights|_?initialize_model|process_weights_after_loading|create_weights)\b/],
  ["device", /\bin (?:init_device|set_device)\b/],
];

/** Lines in which vLLM says how far it has come. */
const MILESTONES: [Stage, RegExp][] = [
  ["load", /^Starting to load model|^Loading \w+ checkpoint shards/],
  ["profiling", /^Model loading took|^Loading (?:model )?weights took/],
  ["kv_cache", /^Available KV cache memory|^Memory profiling takes/],
  ["warm_up", /^GPU KV cache size|^# \w+ blocks:|^Precompil(?:e|ing) \w/],
  ["graph_capture", /^Capture cuda graph begin|^Capturing (?:CUDA graph|cudagraph|the model for CUDA)/i],
];

export const stageOfFrame = (frame: string) => stageIn(FRAMES, frame);
export const stageOfMilestone = (text: string) => stageIn(MILESTONES, text);

function stageIn(table: [Stage, RegExp][], text: string): Stage | undefined {
  return table.find(([, pattern]) => pattern.test(text))?.[0];
}
