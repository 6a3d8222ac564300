import { UsageError } from "../../errors.ts";
import { BENCH_SERVE_FLAGS, SERVE_FLAGS } from "./flags.ts";

/** The newest vLLM that the tables were checked against; later ones are taken for this one. */
export const NEWEST_KNOWN = "0.32.0";

const TABLES = { "vllm serve": SERVE_FLAGS, "vllm bench serve": BENCH_SERVE_FLAGS };

/** The numbers of a version like 0.11.1rc2.dev5+g1234, missing ones as 0; undefined when it tells none, as a build of 0.0.0 does not. */
function numbersOf(version: string): number[] | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  const numbers = [major, minor, patch].map((part) => Number(part ?? 0));
  return numbers.some((part) => part > 0) ? numbers : undefined;
}

/** Whether a vLLM is this version or a later one; one that does not tell counts as the newest. */
export function isAtLeast(version: string | null, wanted: string): boolean {
  const found = version === null ? undefined : numbersOf(version);
  if (found === undefined) return true;
  const limit = numbersOf(wanted)!;
  const at = limit.findIndex((part, index) => part !== found[index]);
  return at === -1 || found[at]! > limit[at]!;
}

export const isNewerThanKnown = (version: string) =>
  !version.startsWith(NEWEST_KNOWN) && isAtLeast(version, NEWEST_KNOWN) && numbersOf(version) !== undefined;

/** `--no-X` is `--X`; underscores are dashes, as vLLM takes them. */
function nameOf(argument: string, table: object): string | undefined {
  if (!argument.startsWith("--")) return undefined;
  const name = argument.split("=", 1)[0]!.replaceAll("_", "-");
  return [name, name.replace(/^--no-/, "--")].find((candidate) => candidate in table);
}

/** Whether any of these arguments is one that not every vLLM knows. */
export const dependOnVersion = (args: readonly string[]) =>
  args.some((argument) => nameOf(argument, SERVE_FLAGS) !== undefined);

/**
 * Refuses arguments that this version of vLLM does not know.
 * @param source the input they come from, like `--engine-args`
 * @throws UsageError naming the version that has it, and what to write instead
 */
export function refuseUnknownFlags(
  args: readonly string[],
  version: string,
  { program, source }: { program: keyof typeof TABLES; source: string },
): void {
  if (numbersOf(version) === undefined) return;
  const table = TABLES[program];
  for (const argument of args) {
    const name = nameOf(argument, table);
    if (name === undefined) continue;
    const { since, gone, instead, before } = table[name]!;
    const what = `${source}: vLLM ${version} does not know ${argument.split("=", 1)[0]}`;
    if (since !== undefined && !isAtLeast(version, since)) {
      const advice = before === undefined ? "leave it out, or take that version" : `until then ${before}`;
      throw new UsageError(`${what}: ${program} has it since ${since}; ${advice}`);
    }
    if (gone !== undefined && isAtLeast(version, gone)) {
      const advice = instead === undefined ? "leave it out: nothing took its place" : `instead: ${instead}`;
      throw new UsageError(`${what}: it went with ${gone}; ${advice}`);
    }
  }
}
