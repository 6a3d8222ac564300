import type { Random } from "./random.ts";

/** Every model's vocabulary holds these ids, and none of them is special: `vllm bench latency` draws below 10,000 too. */
const FIRST_TOKEN_ID = 1000;
const TOKEN_IDS = 9000;

/** A prompt as token ids: its length is exact on every engine, and needs no tokenizer here. */
export function randomPrompt(length: number, random: Random): number[] {
  return Array.from({ length }, () => FIRST_TOKEN_ID + Math.floor(random() * TOKEN_IDS));
}
