import { defineConfig } from "vitest/config";

/** A real Docker daemon of our own, without networks; one at a time. */
export default defineConfig({
  test: {
    include: ["test/docker/**/*.test.ts"],
    globalSetup: ["test/environment.ts", "test/docker/environment.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
