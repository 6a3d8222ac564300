import { publishOrKeep } from "../github/publish-or-keep.ts";
import { runAction } from "./run-action.ts";

await runAction(publishOrKeep);
