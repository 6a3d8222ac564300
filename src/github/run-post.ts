import { warning } from "./log.ts";
import { explain } from "./step.ts";

/** A post step tidies up and never fails the job. */
export async function runPost(tidyUp: () => Promise<void>): Promise<void> {
  try {
    await tidyUp();
  } catch (problem) {
    warning(explain(problem, process.env));
  }
}
