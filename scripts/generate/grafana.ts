/*
 * The dashboard that Grafana imports: what push-metrics pushed today, a day before and a week before. Its form is Grafana's
 * dashboard model of schema version 39 (grafana.com/docs/grafana/latest/dashboards, "View dashboard JSON model").
 */

const VARIABLES = ["model", "quant", "scenario", "host"] as const;
/** A label that no number has is empty, which the expression for all of them allows. */
const CHOSEN = VARIABLES.map((name) => `${name}=~"$${name}"`).join(",");
const DATASOURCE = { type: "prometheus", uid: "$datasource" };
const COLUMNS = 24;
const DAYS = [
  { refId: "A", name: "today", offset: "" },
  { refId: "B", name: "a day before", offset: " offset 1d" },
  { refId: "C", name: "a week before", offset: " offset 7d" },
];

interface Shown {
  title: string;
  metric: string;
  /** Labels that the number must have besides. */
  only?: string;
  /** What tells its series apart in the legend. */
  legend: string;
  /** As Grafana calls units. */
  unit: string;
}

const SERVED = "{{model}} {{scenario}}";
const CELL = "{{cell}} {{scenario}}";
const THROUGHPUT = { title: "Request throughput", metric: "ci_perf_throughput_rps_avg", legend: SERVED, unit: "reqps" };
const P50 = { title: "Median latency", metric: "ci_perf_latency_p50_ms_avg", legend: SERVED, unit: "ms" };
const P99 = { title: "Latency, p99", metric: "ci_perf_latency_p99_ms_avg", legend: SERVED, unit: "ms" };
const PASS_RATE = {
  title: "Functional pass rate",
  metric: "ci_functional_pass_rate",
  legend: SERVED,
  unit: "percentunit",
};
const ACCURACY = {
  title: "Accuracy",
  metric: "ci_accuracy_score",
  legend: "{{task}} {{scenario}}",
  unit: "percentunit",
};

/** The newest number beside those before it. */
const HEADLINES: readonly Shown[] = [THROUGHPUT, P50, P99, PASS_RATE, ACCURACY];

/** Over time. */
const LINES: readonly Shown[] = [
  THROUGHPUT,
  P50,
  { title: "Latency, p95", metric: "ci_perf_latency_p95_ms_avg", legend: SERVED, unit: "ms" },
  P99,
  {
    title: "Time to first token, p99",
    metric: "pitwall_ttft_seconds",
    only: 'quantile="0.99"',
    legend: CELL,
    unit: "s",
  },
  {
    title: "Time per output token, median",
    metric: "pitwall_tpot_seconds",
    only: 'quantile="0.5"',
    legend: CELL,
    unit: "s",
  },
  { title: "Output throughput", metric: "pitwall_output_throughput_tokens_per_second", legend: CELL, unit: "short" },
  {
    title: "Batch latency, median",
    metric: "pitwall_latency_seconds",
    only: 'quantile="0.5"',
    legend: CELL,
    unit: "s",
  },
  ACCURACY,
  { title: "Functional cases that failed", metric: "ci_functional_failed", legend: SERVED, unit: "short" },
];

const selector = ({ metric, only }: Shown) => `${metric}{${[CHOSEN, ...(only === undefined ? [] : [only])].join(",")}}`;

function targets(shown: Shown, more: object) {
  return DAYS.map(({ refId, name, offset }) => ({
    ...{ refId, datasource: DATASOURCE, expr: `${selector(shown)}${offset}` },
    legendFormat: `${shown.legend} ${name}`,
    ...more,
  }));
}

const fieldsIn = (unit: string) => ({ defaults: { unit }, overrides: [] });

/** A panel without its id and place. */
type Panel = { type: string; title: string } & Record<string, unknown>;

function headline(shown: Shown): Panel {
  const options = { reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, textMode: "value_and_name" };
  return {
    ...{ type: "stat", title: shown.title, datasource: DATASOURCE, options },
    fieldConfig: fieldsIn(shown.unit),
    targets: targets(shown, { instant: true, range: false }),
  };
}

function lines(shown: Shown): Panel {
  return {
    ...{ type: "timeseries", title: shown.title, datasource: DATASOURCE, options: {} },
    fieldConfig: fieldsIn(shown.unit),
    targets: targets(shown, { range: true }),
  };
}

const age: Panel = {
  ...{ type: "stat", title: "Since the last push", datasource: DATASOURCE, options: { textMode: "value_and_name" } },
  fieldConfig: fieldsIn("s"),
  targets: [
    {
      ...{ refId: "A", datasource: DATASOURCE, instant: true, range: false, legendFormat: "{{stage}} {{scenario}}" },
      expr: `time() - max by (model, scenario, stage) (pitwall_push_timestamp_seconds{${CHOSEN}})`,
    },
  ],
};

const cases: Panel = {
  ...{ type: "table", title: "Functional cases (push-metrics --per-case)", datasource: DATASOURCE, options: {} },
  fieldConfig: {
    defaults: {
      mappings: [
        { type: "value", options: { "0": { text: "failed", color: "red" }, "1": { text: "passed", color: "green" } } },
      ],
    },
    overrides: [],
  },
  targets: [
    {
      ...{ refId: "A", datasource: DATASOURCE, instant: true, range: false, format: "table" },
      expr: `ci_functional_case_ok{${CHOSEN}}`,
    },
  ],
};

interface Row {
  panels: readonly Panel[];
  /** Panels side by side, and how high each is in Grafana's units. */
  across: number;
  height: number;
}

/** Panels from left to right and from the top down, each with its number and place. */
function placed(rows: readonly Row[]) {
  let top = 0;
  let id = 0;
  return rows.flatMap(({ panels, across, height }) => {
    const width = COLUMNS / across;
    const found = panels.map((panel, index) => {
      const [x, y] = [(index % across) * width, top + Math.floor(index / across) * height];
      return { id: ++id, ...panel, gridPos: { x, y, w: width, h: height } };
    });
    top += Math.ceil(panels.length / across) * height;
    return found;
  });
}

const variable = (name: string) => ({
  ...{ type: "query", name, label: name, datasource: DATASOURCE, refresh: 2, sort: 1, hide: 0 },
  query: `label_values(pitwall_push_timestamp_seconds, ${name})`,
  ...{ multi: true, includeAll: true, allValue: ".*", current: { text: ["All"], value: ["$__all"] } },
});

/** The dashboard, as Grafana imports it; which data source it asks is chosen in it. */
export function grafanaDashboard(): object {
  return {
    ...{ uid: "pitwall", title: "pitwall", tags: ["pitwall", "llm"], schemaVersion: 39, version: 1, editable: true },
    ...{ time: { from: "now-14d", to: "now" }, timezone: "", refresh: "" },
    templating: {
      list: [
        { type: "datasource", name: "datasource", label: "data source", query: "prometheus", hide: 0 },
        ...VARIABLES.map(variable),
      ],
    },
    panels: placed([
      { panels: [...HEADLINES.map(headline), age], across: 6, height: 5 },
      { panels: LINES.map(lines), across: 2, height: 8 },
      { panels: [cases], across: 1, height: 12 },
    ]),
  };
}
