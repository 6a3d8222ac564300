import { runAction } from "../../github/run-action.ts";
import { bisect } from "../../verbs/bisect/bisect.ts";

await runAction(bisect);
