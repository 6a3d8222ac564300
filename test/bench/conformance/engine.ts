/** The simulated engine with all that the suite asks for. */
export const CONFORMING_ENGINE = { args: [] as string[], server: { model: "sim/tiny" } };
