import { expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { flattened, ScenarioFile } from "../../src/scenario/scenario.ts";
import { parseYaml } from "../../src/yaml/file.ts";

const LOCAL = `id: local_single_qwen3-32b_guided_w8a8
mode: local
model: Qwen3-32B
served_model_name: qwen3-32b
quant: w8a8
features: {guided_decoding: true, function_call: false, reasoning: false}
base_url: http://127.0.0.1:9000/v1
startup_timeout_seconds: 1200
env: {}
args: {tensor_parallel_size: 2}
`;
const PD = `id: k8s_pd_deepseek-r1_2p1d_reasoning_w8a8
mode: k8s-pd
model: DeepSeek-R1
quant: w8a8
features: {reasoning: true}
k8s: {service_name: infer-vllm, port_name: http, node_port: 30900}
pd: {scheduler_params: "--a 1", prefill_params: "--b", decode_params: "--c"}
raw:
  k8s: {namespace: bench}
  k8s_delete_yaml: ./configs/deploy/infer_vllm_kubeinfer.yaml
`;
const read = (text: string) => flattened(parseYaml(text, "s.yaml", ScenarioFile).data);
const mistakes = (text: string) => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return undefined;
};

test("a local scenario of vllm_cibench is read as it is", () => {
  expect(read(LOCAL)).toMatchObject({ mode: "local", model: "Qwen3-32B", args: { tensor_parallel_size: 2 } });
});

test("what stands under raw is part of the scenario, and maps of both are one", () => {
  expect(read(PD)).toMatchObject({
    k8s: { namespace: "bench", service_name: "infer-vllm", node_port: 30_900 },
    k8s_delete_yaml: "./configs/deploy/infer_vllm_kubeinfer.yaml",
  });
});

test("what stands at the top goes before what stands under raw", () => {
  expect(read(`${LOCAL}autostart: false\nraw: {autostart: true}\n`).autostart).toBe(false);
});

test("an unknown key is named with its line and the nearest known one", () => {
  expect(mistakes(LOCAL.replace("quant:", "quantt:"))).toBe(
    "s.yaml:5: quantt: is no known name; did you mean “quant”?",
  );
});

test("an unknown key under raw is one, too", () => {
  expect(mistakes(`${LOCAL}raw: {auto_start: true}\n`)).toContain("raw.auto_start: is no known name");
});

test("what is missing is named", () => {
  expect(mistakes("id: a\nmode: local\n")).toBe("s.yaml:1: model: is missing");
});

test("a mode that there is not is an error with the choices", () => {
  expect(mistakes(LOCAL.replace("mode: local", "mode: k8s"))).toContain(
    "s.yaml:2: mode: must be one of local, k8s-hybrid, k8s-pd; did you mean “k8s-pd”?",
  );
});

test("an id that would leave its folder is refused", () => {
  expect(mistakes(LOCAL.replace(/^id: .*/, "id: ../a"))).toContain("s.yaml:1: id: must be a name");
});

test("numbers where texts belong are texts", () => {
  expect(read(`${LOCAL.replace("env: {}", "env: {VLLM_USE_V1: 1}")}`).env).toEqual({ VLLM_USE_V1: "1" });
});
