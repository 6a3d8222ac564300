import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Builds measured side by side with simulated engines; each test has the machine for itself, for it measures. */
export default defineConfig({
  test: {
    include: ["test/arms-measured/**/*.test.ts"],
    globalSetup: "test/environment.ts",
    fileParallelism: false,
    testTimeout: 180_000,
    env: {
      PITWALL_CLIENT_LIMITS: "off",
      NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compile"),
      XDG_CACHE_HOME: join(import.meta.dirname, "node_modules/.cache/pitwall-test"),
    },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
