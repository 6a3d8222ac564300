/** The simulated engine as the suite is held against it: with a key, so that cases about keys are asked, too. */
const KEY = "key-of-the-bench";
export const CONFORMING_ENGINE = { args: ["--api-key", KEY], server: { model: "sim/tiny", key: KEY } };
