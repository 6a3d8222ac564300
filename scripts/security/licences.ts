import type { Finding } from "./result.ts";

/** package-lock.json, as far as it is read here. */
export interface Lockfile {
  packages: Record<string, { license?: string; version?: string }>;
}

/** Ask no more of whoever passes a program on than to keep the notice. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT/X11",
  "Python-2.0",
]);

/** Packages of other licences, by name, with what they are there for. */
const EXCEPTIONS: readonly [name: RegExp, licences: readonly string[], why: string][] = [
  [
    /^@img\/sharp/,
    ["LGPL-3.0-or-later"],
    "images in Astro's build; installed by npm from its own package, never bundled",
  ],
  [/^lightningcss|^axe-core$|^@zip.js/, ["MPL-2.0"], "builds styles and tests pages; unchanged, never bundled"],
  [/^caniuse-lite$/, ["CC-BY-4.0"], "data about browsers; Babel brings it, in the runs of `mutate`, never bundled"],
  [/^buffers$/, ["none stated"], "states none anywhere; @actions/artifact (MIT) brings it to read zip files"],
];

/** Packages whose licence is none of the allowed ones. An expression is allowed when one side of OR, and both of AND, are. */
export function licenceFindings({ packages }: Lockfile): Finding[] {
  return Object.entries(packages).flatMap(([path, { license = "none stated", version = "" }]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (path === "" || isAllowed(license, exceptionsOf(name))) return [];
    return [`${name} ${version}: ${license}`];
  });
}

const exceptionsOf = (name: string) =>
  EXCEPTIONS.flatMap(([pattern, licences]) => (pattern.test(name) ? licences : []));

function isAllowed(expression: string, besides: readonly string[]): boolean {
  const isOne = (licence: string) => ALLOWED.has(licence) || besides.includes(licence);
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((all) => all.split(" AND ").every(isOne));
}
