import { messageOf } from "../errors.ts";
import { fence, md } from "../foreign-text/markdown.ts";
import { doctor } from "../verbs/doctor/doctor.ts";
import { group, info, warning } from "./log.ts";
import { stepReporter } from "./reporter.ts";
import { writeSummary } from "./step.ts";

type Question = Parameters<typeof doctor.run>[0];

/** After an engine did not come up: what doctor sees of this machine, in log and job summary. It never hides the failure. */
export async function tellFindings(question: Question): Promise<void> {
  try {
    const tools = { report: stepReporter, signal: new AbortController().signal, env: process.env };
    const { text = "" } = await doctor.run(question, tools);
    await group("What doctor sees of this machine", async () => info(text));
    if (!process.env.GITHUB_STEP_SUMMARY) return;
    await writeSummary(md`### What doctor sees of this machine\n\n${fence(text)}\n`);
  } catch (error) {
    warning(`doctor could not look at this machine: ${messageOf(error)}`);
  }
}
