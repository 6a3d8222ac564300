import { runAction } from "../../github/run-action.ts";
import { pushMetrics } from "../../verbs/push-metrics/push-metrics.ts";

await runAction(pushMetrics);
