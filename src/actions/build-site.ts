import { buildSite } from "../verbs/build-site/build-site.ts";
import { runAction } from "./run-action.ts";

await runAction(buildSite);
