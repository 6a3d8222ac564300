/** What a tool says is wrong, in its words. */
export type Finding = string;

/** How a tool ended. One that could not look says so: it has no findings, and has not passed either. */
export type Result =
  | { tool: string; status: "checked"; what: string; findings: Finding[] }
  | { tool: string; status: "failed"; findings: Finding[] }
  | { tool: string; status: "not checked"; why: string };

export const passes = (result: Result) => result.status === "checked" && result.findings.length === 0;

/** A line for each tool, and its findings below it. */
export function resultLine(result: Result): string {
  switch (result.status) {
    case "not checked":
      return `${result.tool}: not checked: ${result.why}`;
    case "failed":
      return [`${result.tool}: failed`, ...result.findings].join("\n");
    case "checked": {
      const { tool, what, findings } = result;
      return [`${tool}: ${findings.length} findings in ${what}`, ...findings.map((one) => `  ${one}`)].join("\n");
    }
    default:
      return result satisfies never;
  }
}
