import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { expositionText } from "../../src/prometheus/exposition.ts";
import { groupFamilies } from "../../src/prometheus/group.ts";
import { runGroups } from "../../src/prometheus/run-groups.ts";
import { query, startPrometheus, startPushgateway, until } from "./programs.ts";
import { fullRun } from "./runs.ts";

const programs = inject("prometheus");
const DAY_S = 86_400;

interface Target {
  expr: string;
  legendFormat?: string;
}
const dashboard = JSON.parse(readFileSync(join(PACKAGE_ROOT, "docs/grafana.json"), "utf8")) as {
  panels: { title: string; targets: Target[] }[];
  templating: { list: { name: string; query: string; allValue?: string }[] };
};
const expressions = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({ title, expr: expr.replaceAll(/\$(model|quant|scenario|host)/g, ".*") })),
);

const groups = runGroups([fullRun], { prefix: "pitwall", labels: { scenario: "nightly" }, perCase: true });
/** As a scrape every minute, around this time of now, yesterday and a week ago, would have had them. */
function history(now: number): string {
  const text = expositionText(groupFamilies(groups, now * 1000));
  const times = [-7, -1, 0].flatMap((day) => [-3, -2, -1, 0].map((minute) => now + day * DAY_S + minute * 60));
  const lines = text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith("#")) return line === "" ? [] : [line];
    return times.map((time) => `${line} ${time}`);
  });
  return `${lines.join("\n")}\n# EOF\n`;
}

test("every panel of the dashboard shows numbers of today, a day before and a week before", async () => {
  await using gateway = await startPushgateway(programs);
  await using prometheus = await startPrometheus(programs, {
    gateway: gateway.url,
    before: history(Math.floor(Date.now() / 1000)),
  });
  expect(expressions.length).toBeGreaterThan(40);
  const empty: string[] = [];
  for (const { title, expr } of expressions) {
    const found = await until(
      () => query(prometheus.url, expr),
      (series) => series.length > 0,
    );
    if (found.length === 0) empty.push(`${title}: ${expr}`);
  }
  expect(empty).toEqual([]);
});

test("its choices list what was pushed", async () => {
  await using gateway = await startPushgateway(programs);
  const before = history(Math.floor(Date.now() / 1000));
  await using prometheus = await startPrometheus(programs, { gateway: gateway.url, before });
  const choices = dashboard.templating.list.filter(({ query: asked }) => asked.startsWith("label_values("));
  const expected = { model: fullRun.model.name, quant: "w8a8", scenario: "nightly", host: "h100-1" };
  for (const { name, query: asked } of choices) {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(asked)!;
    const url = `${prometheus.url}/api/v1/label/${label}/values?${new URLSearchParams({ "match[]": metric! })}`;
    const { data } = (await (await fetch(url)).json()) as { data: string[] };
    expect(data).toEqual([expected[name as keyof typeof expected]]);
  }
  expect(choices.map(({ name }) => name)).toEqual(Object.keys(expected));
});
