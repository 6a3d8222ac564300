import type { Random } from "./random.ts";

/** Every model's vocabulary holds these ids, and none of them is special: `vllm bench latency` draws below 10,000 too. */
const FIRST_TOKEN_ID = 1000;
const TOKEN_IDS = 9000;

/** A prompt as token ids: its length is exact on every engine, and needs no tokenizer here. */
export function randomPrompt(length: number, random: Random): number[] {
  return Array.from({ length }, () => FIRST_TOKEN_ID + Math.floor(random() * TOKEN_IDS));
}

interface Shape {
  model: string;
  inputLen: number;
  outputLen: number;
}

/** Bodies for /v1/completions, made before the clock starts; no two prompts share a prefix that a cache could keep. */
export function requestBodies(count: number, { model, inputLen, outputLen }: Shape, random: Random): Buffer[] {
  return Array.from({ length: count }, () =>
    Buffer.from(
      JSON.stringify({
        model,
        prompt: randomPrompt(inputLen, random),
        max_tokens: outputLen,
        ignore_eos: true,
        // Said aloud: an engine's own default differs by version and model (vllm-project/vllm#32723).
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      }),
    ),
  );
}
