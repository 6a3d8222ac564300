import { evaluate } from "../verbs/evaluate/evaluate.ts";
import { runAction } from "./run-action.ts";

await runAction(evaluate);
