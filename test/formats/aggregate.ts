/** What InferenceX writes of one measurement, in short. */
export const aggregate = {
  ...{ hw: "b200", tp: 8, ep: 1, dp_attention: "false", conc: 16, model: "openai/gpt-oss-120b", framework: "vllm" },
  ...{ precision: "fp4", isl: 1024, osl: 1024, tput_per_gpu: 1000, output_tput_per_gpu: 500, input_tput_per_gpu: 500 },
  ...{ mean_ttft: 0.05, median_ttft: 0.04, p99_ttft: 0.09, mean_tpot: 0.01, mean_intvty: 100, median_intvty: 101 },
};
