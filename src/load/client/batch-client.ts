import type { RequestSamples, SingleMeasurement } from "../../result/document/cell.ts";
import type { ServingClient } from "./serving-client.ts";

/**
 * A client that tells one time for all its requests. When one of them failed they stay apart, for the gate to say which
 * and why.
 */
export function batchClient({ identity, measure, close }: ServingClient): ServingClient {
  return {
    identity,
    close,
    async measure(name, load, watch) {
      const end = await measure(name, load, watch);
      return "failure" in end ? end : { ...end, measurement: together(end.measurement) };
    },
  };
}

function together(measurement: SingleMeasurement): SingleMeasurement {
  if (measurement.kind !== "requests" || measurement.requests.errors.some((error) => error !== null))
    return measurement;
  const { durationS, inputTokens, outputTokens }: RequestSamples = measurement.requests;
  return { kind: "batch", durationS, inputTokens, outputTokens };
}
