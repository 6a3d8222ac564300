import { defineConfig } from "vitest/config";

/** Real vLLM on the CPU: starting an engine takes half a minute, and one machine holds one at a time. */
export default defineConfig({
  test: {
    include: ["test/vllm/**/*.test.ts"],
    globalSetup: ["test/environment.ts", "test/vllm/environment.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 1_200_000,
    // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
    env: { PITWALL_CLIENT_LIMITS: "off" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
