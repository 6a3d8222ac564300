import type { Scenario } from "./scenario.ts";

/** `--tensor-parallel-size 2` of `tensor_parallel_size: 2`; false leaves a flag out. */
export function argumentsOf(args: Scenario["args"] = {}): string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const flag = `--${name.replace(/^--/, "").replaceAll("_", "-")}`;
    if (value === false) return [];
    if (value === true) return [flag];
    return [flag, ...(Array.isArray(value) ? value.map(String) : [String(value)])];
  });
}

/** Which engine a scenario has: the one it names, or the one that its mode and switches mean. */
export function engineKindOf({ engine, mode, autostart, manifest, k8s, base_url }: Scenario, env: NodeJS.ProcessEnv) {
  if (engine !== undefined) return engine;
  const isReachable = manifest === undefined && k8s?.service_name === undefined && base_url !== undefined;
  if (mode !== "local") return isReachable ? "remote" : "kubernetes";
  return (autostart ?? isOn(env.VLLM_CIBENCH_AUTOSTART)) ? "vllm" : "remote";
}
export type ScenarioEngine = ReturnType<typeof engineKindOf>;

const isOn = (value: string | undefined) => ["1", "true", "yes", "on"].includes((value ?? "").toLowerCase());

/** The name that requests carry. */
const servedNameOf = ({ served_model_name, model }: Scenario) => served_model_name ?? model;

/** Inputs of start-engine that the scenario's own keys come to; what stands under `inputs` goes before them. */
export function engineInputsOf(scenario: Scenario, kind: ScenarioEngine): Record<string, unknown> {
  const { base_url, startup_timeout_seconds: startTimeout, model } = scenario;
  const patience = startTimeout === undefined ? {} : { startTimeout };
  if (kind === "remote") {
    const baseUrl = base_url === undefined ? {} : { baseUrl: base_url };
    return { engine: "remote", ...baseUrl, model: servedNameOf(scenario), ...patience };
  }
  if (kind === "kubernetes")
    return { engine: kind, model: servedNameOf(scenario), ...kubernetesInputs(scenario), ...patience };
  const port = base_url === undefined ? {} : { port: Number(new URL(base_url).port || 8000) };
  // It has one name for both.
  if (kind === "simulated") {
    return {
      engine: kind,
      model: servedNameOf(scenario),
      ...port,
      engineArgs: argumentsOf(scenario.args),
      ...patience,
    };
  }
  const named = scenario.served_model_name === undefined ? [] : ["--served-model-name", scenario.served_model_name];
  return { engine: kind, model, ...port, engineArgs: [...argumentsOf(scenario.args), ...named], ...patience };
}

function kubernetesInputs({ manifest, k8s = {}, base_path }: Scenario): Record<string, unknown> {
  const { namespace, service_name, port_name, node_port } = k8s;
  const given = {
    manifest,
    namespace,
    service: service_name,
    servicePortName: port_name,
    nodePort: node_port,
    pathPrefix: base_path?.replace(/\/v1$/, "") || undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
