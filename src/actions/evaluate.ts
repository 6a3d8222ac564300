import { runAction } from "../github/run-action.ts";
import { evaluate } from "../verbs/evaluate/evaluate.ts";

await runAction(evaluate);
