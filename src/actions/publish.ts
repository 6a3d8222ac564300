import { publish } from "../verbs/publish.ts";
import { runAction } from "./run-action.ts";

await runAction(publish);
