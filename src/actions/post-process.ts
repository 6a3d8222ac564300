import { postProcess } from "../verbs/post-process.ts";
import { runAction } from "./run-action.ts";

await runAction(postProcess);
