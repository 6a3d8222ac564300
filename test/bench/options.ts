import { parseArgs } from "node:util";

const TOOLS = ["pitwall", "vllm", "guidellm", "aiperf"] as const;
export type ToolName = (typeof TOOLS)[number];

interface BenchOptions {
  repeats: number;
  tools: ToolName[];
  levels: number[];
  /** All cells, not only those of the figures to reach. */
  full: boolean;
  /** Where the JSON goes; without it there is none. */
  json: string | undefined;
}

/** @throws Error that says what to write instead */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repeats: { type: "string", default: "3" },
      tools: { type: "string", default: TOOLS.join(",") },
      levels: { type: "string", default: "1,64,256,512" },
      full: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  return {
    repeats: count("--repeats", values.repeats),
    tools: values.tools.split(",").map(toolName),
    levels: values.levels.split(",").map((level) => count("--levels", level)),
    full: values.full,
    json: values.json,
  };
}

function count(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`${option} takes whole numbers from 1 on, not “${text}”`);
}

function toolName(text: string): ToolName {
  const name = TOOLS.find((tool) => tool === text);
  if (name === undefined) throw new Error(`--tools takes ${TOOLS.join(", ")}, not “${text}”`);
  return name;
}
