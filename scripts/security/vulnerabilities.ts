import type { Result } from "./result.ts";

interface Audit {
  error?: { summary?: string };
  message?: string;
  vulnerabilities?: Record<string, { severity: string; range?: string }>;
  metadata?: { dependencies?: { total?: number } };
}

/**
 * What `npm audit --json` found. A registry without that service answers with an error, which is no clean bill.
 * @param stdout the report; @param output all that npm said
 */
export function auditResult(stdout: string, output: string): Result {
  const tool = "vulnerabilities";
  const report = parsed(stdout);
  const { vulnerabilities, metadata } = report ?? {};
  if (vulnerabilities === undefined) {
    const said = report?.error?.summary || report?.message || output.split("\n")[0] || "npm audit said nothing";
    return { tool, status: "not checked", why: `this registry gives no data about them (${said})` };
  }
  const findings = Object.entries(vulnerabilities).map(([name, { severity, range = "" }]) =>
    `${name} ${range}: ${severity}`.replace(" :", ":"),
  );
  return { tool, status: "checked", what: `${metadata?.dependencies?.total ?? "all"} packages`, findings };
}

function parsed(text: string): Audit | null {
  try {
    return JSON.parse(text) as Audit;
  } catch {
    return null;
  }
}
