import { publishOrKeep } from "../github/publish-or-keep.ts";
import { runAction } from "../github/run-action.ts";

await runAction(publishOrKeep);
