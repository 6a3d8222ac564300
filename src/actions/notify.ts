import { runAction } from "../github/run-action.ts";
import { notify } from "../verbs/notify/notify.ts";

await runAction(notify);
