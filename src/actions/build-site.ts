import { runAction } from "../github/run-action.ts";
import { buildSite } from "../verbs/build-site/build-site.ts";

await runAction(buildSite);
