import { runAction } from "../../github/run-action.ts";
import { comparePatches } from "../../verbs/compare-patches/compare-patches.ts";

await runAction(comparePatches);
