import { expect, test } from "vitest";
import type { Run } from "../../../src/result/document/run.ts";
import { aggregate } from "../aggregate.ts";
import { cellOf, importing } from "../vllm/importing.ts";

const given = { model: undefined, hostLabel: undefined, gpu: undefined, timestamp: "2026-11-22T06:00:00Z" };
const metricsOf = (run: Run) => run.cells.map((cell) => (cell.status === "ok" ? cell.metrics : cell.status));

test("an aggregate of InferenceX becomes a run of its hardware, a second a thousand milliseconds", () => {
  const [run] = importing("agg_gptoss.json", aggregate, given);
  expect(run).toMatchObject({
    host: { label: "b200", gpu: "b200", gpuCount: 8 },
    model: { name: "openai/gpt-oss-120b", quantization: "fp4", tensorParallel: 8 },
    cells: [{ id: "serve-benchmark/in_1024_out_1024_concurrency_16" }],
  });
  expect(metricsOf(run!)).toEqual([
    {
      ttft_ms: { mean: 50, p50: 40, p99: 90 },
      tpot_ms: { mean: 10 },
      total_token_throughput_tok_s: 8000,
      output_throughput_tok_s: 4000,
      tokens_per_s_user: 100,
    },
  ]);
});

test.each([
  [{ tp: 4, pp: 2 }, 8],
  [{ tp: 2, pp: 2, pcp_size: 2 }, 8],
  [{ tp: 8, ep: 8 }, 8],
  [{ tp: 1, ep: 8 }, 8],
])("InferenceX's numbers a GPU are of all GPUs: %j", (ways, gpus) => {
  const [run] = importing("agg.json", { ...aggregate, ...ways }, given);
  expect(run!.host.gpuCount).toBe(gpus);
  expect(metricsOf(run!)).toMatchObject([{ total_token_throughput_tok_s: 1000 * gpus }]);
});

test("InferenceX's vLLM is one, and any other framework a server that is named in the cell", () => {
  const [vllm] = importing("agg.json", aggregate, given);
  expect(vllm!.engine.kind).toBe("vllm");
  expect(vllm!.cells[0]!.params).not.toHaveProperty("framework");
  const [other] = importing("agg.json", { ...aggregate, framework: "dynamo trt" }, given);
  expect(other!.engine.kind).toBe("remote");
  expect(other!.cells[0]).toMatchObject({
    id: "serve-benchmark/in_1024_out_1024_concurrency_16_dynamo-trt",
    params: { framework: "dynamo trt" },
  });
});

test("an aggregate without a speed for a user has none", () => {
  const [run] = importing("agg.json", { ...aggregate, mean_intvty: null }, given);
  expect(metricsOf(run!)[0]).not.toHaveProperty("tokens_per_s_user");
});

test("a model that is spread over one GPU in some way is not spread in it", () => {
  const { params } = cellOf(importing("agg.json", { ...aggregate, pp: 1, pcp_size: 2 }, given));
  expect(params).toMatchObject({ prefillContextParallel: 2 });
  expect(params).not.toHaveProperty("pipelineParallel");
});
