import { OPENAI_SUITE } from "../../../src/functional/openai/suite.ts";
import { simulatorHere } from "../../support/simulator-here.ts";
import { held, heldWrong } from "./detect.ts";
import { CONFORMING_ENGINE } from "./engine.ts";

/*
 * The shipped suite against the simulated engine: as it is, where all must conform; with the answers to every case made wrong,
 * where each must be seen; and its time side by side against one case after the other.
 */

const MOST_SECONDS = 10;
const LEAST_SPEEDUP = 2;
const PACED_MODEL = "sim/h100-8b";

await using engine = await simulatorHere(...CONFORMING_ENGINE.args);
const server = { url: engine.url, ...CONFORMING_ENGINE.server };
// An engine with the times of a real one: what there is to gain by asking side by side is its waiting.
await using paced = await simulatorHere(...CONFORMING_ENGINE.args, "--model", PACED_MODEL);
const pacedServer = { ...server, url: paced.url, model: PACED_MODEL };

const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
};

const [asItIs, sideBySide] = await timed(() => held(OPENAI_SUITE, pacedServer));
const [, oneByOne] = await timed(() => held(OPENAI_SUITE, pacedServer, 1));
const wrong = new Map((await heldWrong(OPENAI_SUITE, server)).map((result) => [result.id, result]));

console.log("| case | as it is | made wrong | what was seen |\n|:--|:--|:--|:--|");
for (const { id, outcome } of asItIs) {
  const { outcome: seen, path = "", reason = "" } = wrong.get(id)!;
  console.log(
    `| ${id} | ${outcome} | ${seen === "deviates" ? "seen" : `MISSED: ${seen}`} | ${path} ${reason.slice(0, 80)} |`,
  );
}
const conforming = asItIs.filter(({ outcome }) => outcome === "conforms");
const seen = conforming.filter(({ id }) => wrong.get(id)!.outcome === "deviates");
const speedup = oneByOne / sideBySide;
console.log(`\nconform: ${conforming.length} of ${asItIs.length}`);
console.log(`deviations injected and seen: ${seen.length} of ${conforming.length}`);
console.log(
  `side by side ${sideBySide.toFixed(1)} s (≤ ${MOST_SECONDS}), one after the other ${oneByOne.toFixed(1)} s: ` +
    `${speedup.toFixed(1)} times as fast (≥ ${LEAST_SPEEDUP})`,
);
const isMet = sideBySide <= MOST_SECONDS && speedup >= LEAST_SPEEDUP;
process.exitCode = seen.length === conforming.length && isMet ? 0 : 1;
