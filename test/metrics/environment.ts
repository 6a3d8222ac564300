import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of prometheus, promtool and prometheus-pushgateway. */
    prometheus: string;
  }
}

/** Unpacks the programs once into a cached folder. */
export default function setup(project: TestProject): void {
  const script = join(import.meta.dirname, "../../scripts/prometheus.sh");
  const folder = execFileSync(script, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" }).trim();
  project.provide("prometheus", folder);
}
