import { runAction } from "../github/run-action.ts";
import { verify } from "../verbs/verify/verify.ts";

await runAction(verify);
