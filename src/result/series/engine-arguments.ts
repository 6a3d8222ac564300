/**
 * Arguments that change no number, so that two runs that differ in nothing else are one series. Everything that is not
 * here tells series apart, of whatever engine it is: one argument too many in a name is seen, a wrong comparison is not.
 */
const CHANGE_NO_NUMBER: ReadonlySet<string> = new Set([
  // Where it listens, and who may ask.
  "--host",
  "--port",
  "--uds",
  "--root-path",
  "--allow-credentials",
  "--allowed-headers",
  "--allowed-methods",
  "--allowed-origins",
  "--disable-fastapi-docs",
  // What it is called.
  "--served-model-name",
  // What it writes into its log. Flags for request logs came and went between releases, so that many had to change them.
  "--disable-access-log-for-endpoints",
  "--disable-log-requests",
  "--disable-uvicorn-access-log",
  "--enable-log-requests",
  "--log-config-file",
  "--log-level",
  "--max-log-len",
  "--uvicorn-log-level",
]);

/** Parts of a series' context with a place of their own, by the names under which the run document takes them. */
const OWN_PARTS: ReadonlySet<string> = new Set(["--model", "--tensor-parallel-size", "--quantization"]);

/** One name for the spellings of vllm/engine/arg_utils.py. */
const LONG_NAMES: Record<string, string> = {
  "-tp": "--tensor-parallel-size",
  "-pp": "--pipeline-parallel-size",
  "-dp": "--data-parallel-size",
  "-ep": "--enable-expert-parallel",
  "-q": "--quantization",
};

/**
 * The engine arguments that can change a number, in the order of their names, as in `--enforce-eager --max-num-seqs 64`:
 * equal texts mean equal settings, whatever the order, the spelling (`--a=1`, `--a 1`, `--a_b`) or the way a number is
 * written. Of a name that is given more than once the last one counts, as for vLLM. Empty when there is none.
 */
export function effectiveArguments(args: readonly string[]): string {
  return [...valuesOf(args)]
    .filter(([name]) => !OWN_PARTS.has(name) && !CHANGE_NO_NUMBER.has(name.replace(/^--no-/, "--")))
    .map(([name, value]) => textOf(name, value))
    .toSorted()
    .join(" ");
}

/**
 * What is different now, as in `--max-num-seqs 64 → 128, --enforce-eager added`.
 * @param before @param now texts of {@link effectiveArguments}
 */
export function argumentsChange(before: string, now: string): string {
  const [old, own] = [before, now].map((text) => valuesOf(text.split(" ")));
  const names = [...new Set([...old!.keys(), ...own!.keys()])].toSorted();
  return names
    .flatMap((name) => {
      const [was, is] = [old!.get(name), own!.get(name)];
      if (was === is) return [];
      if (is === undefined) return [`${textOf(name, was!)} removed`];
      if (was === undefined) return [`${textOf(name, is)} added`];
      return [`${name} ${was || "without a value"} → ${is || "without a value"}`];
    })
    .join(", ");
}

const textOf = (name: string, value: string) => (value === "" ? name : `${name} ${value}`);

function valuesOf(args: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  let name: string | undefined;
  for (const arg of args) {
    if (!isFlag(arg)) {
      if (name !== undefined) values.set(name, `${values.get(name)} ${canonical(arg)}`.trim());
      continue;
    }
    const [flag = "", inline = ""] = arg.split(/=(.*)/s);
    name = nameOf(flag);
    // Its opposite was given before: the later one counts.
    values.delete(name.startsWith("--no-") ? name.replace("--no-", "--") : name.replace("--", "--no-"));
    values.set(name, canonical(inline));
  }
  return values;
}

/** `-1` is a value. */
const isFlag = (arg: string) => /^-{1,2}[A-Za-z]/.test(arg);

const nameOf = (flag: string) => LONG_NAMES[flag] ?? (flag.startsWith("--") ? flag.replaceAll("_", "-") : flag);

/** One text for one value: `0.90` is `0.9`, and JSON is JSON in whatever order and spacing. */
function canonical(value: string): string {
  if (/^-?\d+(\.\d+)?$/.test(value)) return String(Number(value));
  if (!/^[{[]/.test(value)) return value;
  try {
    return JSON.stringify(inOrder(JSON.parse(value)));
  } catch {
    // Not JSON after all: the text itself is the value.
    return value;
  }
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, inOrder(one)]));
}
