import { buildImage } from "../verbs/build-image/build-image.ts";
import { runAction } from "./run-action.ts";

await runAction(buildImage);
