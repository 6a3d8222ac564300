/*
 * Stands in for `vllm bench serve`: same command line and result file, no requests. FAKE_BENCH says how it ends:
 * ok (default), all-failed, exit-1, no-file, damaged, fifo, giant or hang. Its arguments go to <result file>.args, its environment
 * to .env.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const args = process.argv.slice(2);
const option = (name: string) => args[args.indexOf(`--${name}`) + 1] ?? "";
const resultFile = join(option("result-dir"), option("result-filename"));
const fixture = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/vllm-0.32.0", name), "utf8"));
const mode = process.env.FAKE_BENCH ?? "ok";

writeFileSync(`${resultFile}.args`, JSON.stringify(args));
writeFileSync(`${resultFile}.env`, JSON.stringify(process.env));
console.log("Namespace(backend='vllm')");
if (mode === "hang") {
  console.log("hanging");
  setInterval(() => {}, 1000);
} else if (mode === "exit-1") {
  console.error("ValueError: no tokenizer");
  process.exitCode = 1;
} else if (mode === "damaged") {
  writeFileSync(resultFile, '{"date":');
} else if (mode === "fifo") {
  execFileSync("mkfifo", [resultFile]);
} else if (mode === "giant") {
  writeFileSync(resultFile, "{");
  truncateSync(resultFile, 2 ** 30);
} else if (mode !== "no-file") {
  const prompts = Number(option("num-prompts"));
  const asked = {
    num_prompts: prompts,
    total_input_tokens: prompts * Number(option("random-input-len")),
    total_output_tokens: prompts * Number(option("random-output-len")),
  };
  const result =
    mode === "all-failed"
      ? { ...fixture("all_failed.json"), num_prompts: prompts, failed: prompts }
      : { ...fixture("in_300_out_100.json"), ...asked, completed: prompts };
  writeFileSync(resultFile, JSON.stringify(result));
}
