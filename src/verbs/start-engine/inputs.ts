import { followInput } from "../benchmark/follow.ts";
import { choice, commonInputs, flag, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { portNumber, seconds } from "../schema/number-fields.ts";
import { dockerInputs } from "./docker-inputs.ts";

export const SIMULATED_MODEL = "sim/h100-8b";

export const engineInputs = {
  ...commonInputs,
  ...inGroup("What to do", {
    stop: flag("Stop the engine that was started in this working folder.").default(false),
    foreground: flag("Stay until Ctrl-C or SIGTERM, then stop the engine.").default(false),
  }),
  ...inGroup("Engine", {
    engine: choice(
      ["simulated", "vllm", "docker", "kubernetes", "remote"],
      "simulated: the embedded engine, no GPU needed. vllm: `vllm serve` from PATH, or from PITWALL_VLLM. docker: a container of the image. kubernetes: what a manifest makes in a cluster. remote: a server that already runs at the base URL.",
    ).default("simulated"),
    model: text(`Model to load, or to measure at a base URL (default for simulated: ${SIMULATED_MODEL}).`).optional(),
    engineArgs: words("More arguments for the engine, as on its own command line.").default([]),
    baseUrl: text("Server to measure with engine remote, for example http://127.0.0.1:8000.", "URL").optional(),
    host: text("Address that the engine listens on.", "ADDRESS").default("127.0.0.1"),
    port: portNumber(
      "Port that it listens on, or this end of a tunnel to a cluster; 0 for any free one (default: 8000 for vllm and docker, else 0).",
      0,
    ).optional(),
    pollInterval: seconds(
      "Seconds between two looks at its health (default: 0.25; 0.1 where its start is measured).",
    ).optional(),
    workingDir: text("Working folder of an engine vllm (default: where pitwall runs).", "DIR").optional(),
    envScript: words(
      "Shell file that bash sources before anything else, and its arguments, like “setvars.sh --force”.",
    ).default([]),
    onOom: choice(
      ["fail", "shrink"],
      "When the engine has no memory for its context: fail, or start it once more with the largest --max-model-len that its log says fits.",
    ).default("fail"),
  }),
  ...dockerInputs,
  ...inGroup("Time limits", {
    startTimeout: seconds(
      "Seconds until the engine must be healthy, or a server at a base URL must have its model.",
    ).default(300),
  }),
  ...followInput,
  ...inGroup("Output", {
    truth: text(
      "With engine simulated: JSON lines of when each request was accepted and each of its tokens written.",
      "FILE",
    ).optional(),
  }),
};
