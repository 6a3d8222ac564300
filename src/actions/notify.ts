import { notify } from "../verbs/notify/notify.ts";
import { runAction } from "./run-action.ts";

await runAction(notify);
