/*
 * Stands in for lm-eval: same command line, files and requests. FAKE_LM_EVAL says how it ends: ok (default), exit-1, no-file or
 * damaged. It asks its server the questions of its samples once each. Its arguments go to <output path>/args, its environment to env.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const args = process.argv.slice(2);
const option = (name: string) => args[args.indexOf(`--${name}`) + 1] ?? "";
const folder = option("output_path");
const settings = new Map(
  option("model_args")
    .split(",")
    .map((one) => one.split("=") as [string, string]),
);
const fixture = (name: string) => readFileSync(join(import.meta.dirname, "../fixtures/lm-eval-0.4.13", name), "utf8");
const mode = process.env.FAKE_LM_EVAL ?? "ok";
const samples = fixture("samples_say.jsonl");

writeFileSync(join(folder, "args"), JSON.stringify(args));
writeFileSync(join(folder, "env"), JSON.stringify(process.env));
for (const line of samples.trim().split("\n")) {
  const content = JSON.parse(line).doc.question;
  const body = JSON.stringify({ model: settings.get("model"), messages: [{ role: "user", content }] });
  const answer = await fetch(settings.get("base_url")!, { method: "POST", body });
  await answer.text();
}
if (mode === "exit-1") {
  console.error("requests.exceptions.HTTPError: 500");
  process.exitCode = 1;
} else if (mode !== "no-file") {
  const own = join(folder, settings.get("model")!);
  const time = "2026-11-30T21-49-12.904489";
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, `results_${time}.json`), mode === "damaged" ? '{"results":' : fixture("results.json"));
  writeFileSync(join(own, `samples_say_${time}.jsonl`), samples);
  writeFileSync(join(own, `samples_filters_${time}.jsonl`), fixture("samples_filters.jsonl"));
}
