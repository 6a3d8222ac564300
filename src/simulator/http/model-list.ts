import type { Model } from "../request/body.ts";

/** `/v1/models` as vLLM answers it. @param created Unix time in seconds */
export function modelList({ name, maxModelLen }: Model, created: number): unknown {
  const permission = {
    id: "modelperm-simulated",
    object: "model_permission",
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: true,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: "*",
    group: null,
    is_blocking: false,
  };
  const model = { id: name, object: "model", created, owned_by: "pitwall-simulated", root: name, parent: null };
  return { object: "list", data: [{ ...model, max_model_len: maxModelLen, permission: [permission] }] };
}
