import type { Labels } from "../exposition.ts";

/** What a URL's path keeps as it is. One that is empty, or `.`, or has a slash would make another path of it. */
const PLAIN = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * The path of a group on a Pushgateway: `/metrics/job/nightly/model@base64/…`. A value that is no plain word goes as base64
 * for URLs, an empty one as `=`. (github.com/prometheus/pushgateway, README, "URL")
 */
export function groupingPath(job: string, labels: Labels): string {
  return `/metrics${[["job", job] as const, ...Object.entries(labels)].map(segment).join("")}`;
}

function segment([name, value]: readonly [string, string]): string {
  if (PLAIN.test(value)) return `/${name}/${value}`;
  return `/${name}@base64/${value === "" ? "=" : Buffer.from(value).toString("base64url")}`;
}
