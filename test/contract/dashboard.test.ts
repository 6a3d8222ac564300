import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { runGroups } from "../../src/prometheus/run-groups.ts";
import { fullRun } from "../metrics/runs.ts";

const datasource = z.strictObject({ type: z.literal("prometheus"), uid: z.literal("$datasource") });
const size = z.int().nonnegative();
/** As much of Grafana's dashboard model as it cannot do without. */
const Dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int().min(36),
  templating: z.strictObject({ list: z.array(z.looseObject({ type: z.string(), name: z.string() })) }),
  panels: z.array(
    z.looseObject({
      id: z.int().positive(),
      type: z.enum(["stat", "timeseries", "table"]),
      title: z.string(),
      datasource,
      gridPos: z.strictObject({ x: size, y: size, w: z.int().positive(), h: z.int().positive() }),
      targets: z.array(z.looseObject({ refId: z.string(), expr: z.string(), datasource })).min(1),
    }),
  ),
});
const dashboard = Dashboard.parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, "docs/grafana.json"), "utf8")));
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test("the dashboard's panels have numbers of their own and lie side by side", () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const squares = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
  );
  expect(new Set(squares).size).toBe(squares.length);
  expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
});

test("it asks only for metrics that are pushed, of the choices that it offers", () => {
  const groups = runGroups([fullRun], { prefix: "pitwall", labels: {}, perCase: true });
  const pushed = new Set(groups.flatMap(({ families }) => families.map(({ name }) => name)));
  const asked = expressions.flatMap((expr) => expr.match(/(?:ci|pitwall)_\w+/g) ?? []);
  expect(asked.filter((name) => !pushed.has(name) && name !== "pitwall_push_timestamp_seconds")).toEqual([]);
  const offered = dashboard.templating.list.map(({ name }) => name);
  const chosen = expressions.flatMap((expr) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name!));
  expect([...new Set(chosen)].toSorted()).toEqual(offered.filter((name) => name !== "datasource").toSorted());
});
