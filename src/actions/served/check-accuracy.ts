import { runAction } from "../../github/run-action.ts";
import { checkAccuracy } from "../../verbs/check-accuracy/check-accuracy.ts";

await runAction(checkAccuracy);
