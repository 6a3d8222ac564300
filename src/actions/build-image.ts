import { runAction } from "../github/run-action.ts";
import { buildImage } from "../verbs/build-image/build-image.ts";

await runAction(buildImage);
