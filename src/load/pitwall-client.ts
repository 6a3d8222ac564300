import { VERSION } from "../package-root.ts";
import { runLoad } from "./run-load.ts";
import type { ServingClient } from "./serving-client.ts";

/** Our own load generator, in this process. */
export function pitwallClient(target: { baseUrl: string; model: string }): ServingClient {
  return {
    identity: { kind: "pitwall", version: VERSION },
    async measure({ load }, watch) {
      const { samples, health, warmupSeconds } = await runLoad({ ...load, ...target }, watch);
      const measurement = { kind: "requests" as const, requests: samples };
      return { measurement, health, warmupSeconds, measuredSeconds: samples.durationS };
    },
  };
}
