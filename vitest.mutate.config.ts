import unit from "./vitest.config.ts";

const ROOMS = ["result", "report", "formats", "workload", "verdict", "foreign-text"];

/** The unit tests of the pure rooms. Those of the docs' commands change the folder, which Stryker's threads cannot. */
export default {
  test: {
    ...unit.test,
    globalSetup: [],
    projects: undefined,
    include: ROOMS.map((room) => `test/${room}/**/*.test.ts`),
    exclude: ["test/formats/docs.test.ts"],
    maxWorkers: 1,
    reporters: [],
  },
};
