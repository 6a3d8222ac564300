import { defineConfig } from "vitest/config";

/** The real kubectl against a cluster that is stood in for; one after the other. */
export default defineConfig({
  test: {
    include: ["test/kubernetes/**/*.test.ts"],
    globalSetup: ["test/environment.ts", "test/kubernetes/environment.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
