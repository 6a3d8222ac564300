import { runAction } from "../github/run-action.ts";
import { postProcess } from "../verbs/post-process/post-process.ts";

await runAction(postProcess);
