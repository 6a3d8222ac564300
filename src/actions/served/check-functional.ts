import { runAction } from "../../github/run-action.ts";
import { checkFunctional } from "../../verbs/check-functional/check-functional.ts";

await runAction(checkFunctional);
