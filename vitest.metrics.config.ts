import { defineConfig } from "vitest/config";

/** Debian's own Pushgateway and Prometheus take what `push-metrics` pushes, and answer what the dashboard asks. */
export default defineConfig({
  test: {
    include: ["test/metrics/**/*.test.ts"],
    globalSetup: ["test/metrics/environment.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
