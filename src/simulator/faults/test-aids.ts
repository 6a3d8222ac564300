import { ApiError } from "../request/api-error.ts";

/** Ways to misbehave, for those who test what watches an engine. */
export interface TestAids {
  neverHealthy: boolean;
  failEvery: number | null;
}

/** @param requestNumber counted from 1 */
export function failsOnPurpose({ failEvery }: TestAids, requestNumber: number): boolean {
  return failEvery !== null && requestNumber % failEvery === 0;
}

export function purposefulError({ failEvery }: TestAids): ApiError {
  return new ApiError(500, "InternalServerError", `simulated failure of every request number ${failEvery}`);
}

/** What a dying engine leaves on stderr: the shape of a Python traceback, the truth in its last line. */
export function crashTraceback(completedRequests: number): string {
  return [
    "(EngineCore pid=0) ERROR [core.py] EngineCore encountered a fatal error.",
    "Traceback (most recent call last):",
    '  File "simulated/engine/core.py", line 1, in run_busy_loop',
    "    self._process_engine_step()",
    '  File "simulated/executor.py", line 1, in execute_model',
    "    raise RuntimeError(message)",
    `RuntimeError: simulated crash after ${completedRequests} completed requests (--crash-after-requests)`,
    "",
  ].join("\n");
}
