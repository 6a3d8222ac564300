import { verify } from "../verbs/verify/verify.ts";
import { runAction } from "./run-action.ts";

await runAction(verify);
