import { z } from "zod";
import { choice, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { portNumber } from "../schema/number-fields.ts";
import { defineVerb } from "../verb.ts";
import type { Check } from "./check.ts";
import { huggingFaceCache, huggingFaceToken, python, vllm } from "./engine.ts";
import { driver, gpu } from "./gpu.ts";
import { image } from "./image.ts";
import { disk, docker, git, node, port, sharedMemory } from "./machine.ts";

const CHECKS: Check[] = [
  node,
  git,
  disk,
  sharedMemory,
  gpu,
  driver,
  python,
  vllm,
  docker,
  image,
  huggingFaceCache,
  huggingFaceToken,
  port,
];
const MARKS = { good: "✓", absent: "–", missing: "✗" } as const;

export const doctor = defineVerb({
  name: "doctor",
  description: "Says what is missing on this machine, with the fix.",
  inputs: z.strictObject({
    ...inGroup("Engine", {
      engine: choice(["simulated", "vllm", "docker"], "Engine that is to run here.").default("simulated"),
      port: portNumber(
        "Port that the engine is to listen on (default: 8000 for vllm, any free one for simulated).",
        1,
      ).optional(),
    }),
    ...inGroup("Docker", {
      image: text("Image of an engine docker: its CUDA is held against the driver's.", "IMAGE").optional(),
    }),
  }),
  outputs: { healthy: "true when nothing needed is missing.", findings: "One line each." },
  async run({ engine, port: number, image: name }, { env }) {
    const findings = await Promise.all(CHECKS.map((check) => check({ engine, port: number, image: name, env })));
    const lines = findings.map(({ name, state, detail, fix }) => {
      const advice = fix === undefined ? "" : ` → ${fix}`;
      return `${MARKS[state]} ${name}: ${detail}${advice}`;
    });
    const healthy = findings.every(({ state }) => state !== "missing");
    return { ok: healthy, outputs: { healthy, findings: lines }, text: lines.join("\n") };
  },
});
