import { postProcess } from "../verbs/post-process/post-process.ts";
import { runAction } from "./run-action.ts";

await runAction(postProcess);
