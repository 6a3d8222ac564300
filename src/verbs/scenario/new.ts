import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError, UserError } from "../../errors.ts";
import { ID } from "../../scenario/scenario.ts";
import type { Outcome } from "../verb.ts";
import type { ScenarioInputs } from "./inputs.ts";

/** Writes the file of a scenario that can be run at once against a local server. @throws UserError when there is one */
export async function newScenario({ root }: ScenarioInputs, id: string): Promise<Outcome> {
  if (!ID.test(id)) throw new UsageError(`“${id}” is no id: take letters, digits, dots, dashes and underscores`);
  const folder =
    existsSync(join(root, "configs")) || !existsSync(join(root, "scenarios")) ? join(root, "configs") : root;
  const file = join(folder, "scenarios", `${id}.yaml`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, skeleton(id), { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
    throw new UserError(`${file} is there already; choose another id or remove it`, { cause });
  });
  const text = `wrote ${file}; try it with: pitwall scenario plan --scenario ${id} --root ${root}`;
  return { ok: true, outputs: {}, json: { file }, text };
}

const skeleton = (id: string) => `id: ${id}
mode: local                          # local, k8s-hybrid or k8s-pd
model: Qwen/Qwen3-32B                # what the engine loads
served_model_name: qwen3-32b         # what requests name
quant: none                          # a label of the numbers
features: {guided_decoding: true, function_call: false, reasoning: false}
base_url: http://127.0.0.1:8000/v1
startup_timeout_seconds: 1200
autostart: false                     # true: vllm serve is started here, with these:
args: {tensor_parallel_size: 1}
env: {}
`;
