import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** With configurations of their own. */
const OTHERS = [
  "arms-measured",
  "clients",
  "docker",
  "engines",
  "kubernetes",
  "metrics",
  "races",
  "vllm",
  "workflow",
].map((folder) => `test/${folder}/**`);
/** They change settings of V8, which hold until the process ends. */
const ALONE = ["test/contract/generated-texts.test.ts", "test/contract/linear-readers.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/scratch-in-memory.ts", "test/environment.ts"],
    projects: [
      // One process runs file after file and reads our sources once.
      {
        extends: true,
        test: { name: "shared", isolate: false, include: ["test/**/*.test.ts"], exclude: [...OTHERS, ...ALONE] },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
    // Most tests wait for processes and timers: four workers keep two cores busy.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: {
      // The machine that runs tests may be as busy as it likes: what the client's lateness means has tests of its own.
      PITWALL_CLIENT_LIMITS: "off",
      // Tests start some thousand processes of our own: what Node makes of our sources is made once.
      NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compile"),
      // What is read of data branches is cached here, and not in the home of whoever tests.
      XDG_CACHE_HOME: join(import.meta.dirname, "node_modules/.cache/pitwall-test"),
    },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
