import { info } from "../github/log.ts";
import { stepReporter } from "../github/reporter.ts";
import { runPost } from "../github/run-post.ts";
import { loadPostState } from "../github/state.ts";
import { startEngine } from "../verbs/start-engine/start-engine.ts";

/** Post step of `start-engine`, `startup-benchmark` and the root action: runs also after a failure or a cancel. */
await runPost(async () => {
  const state = loadPostState();
  if (state === undefined) return info("no engine was started");
  const inputs = startEngine.inputs.parse({ stop: true, output: state.output });
  const tools = { report: stepReporter, signal: new AbortController().signal, env: process.env };
  const { text } = await startEngine.run(inputs, tools);
  if (text !== undefined) info(text);
});
