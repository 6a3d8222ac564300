import { Chart, type ChartDataset, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import type { ChartData } from "../../../src/report/trends/chart-data.ts";
import { chartOptions, type RunPoint } from "./chart-options.ts";

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);

export interface DrawnChart {
  showOnly(ids: ReadonlySet<string>): void;
  destroy(): void;
}

const SHAPES = ["circle", "rect", "triangle", "rectRot"] as const;
/** More points than this are drawn finer; never without markers, or a value between two gaps would vanish. */
const CROWDED_FROM = 80;

interface Drawing {
  canvas: HTMLCanvasElement;
  data: ChartData;
  key: string;
}

export function drawChart({ canvas, data, key }: Drawing): DrawnChart {
  const { unit, values } = data.charts[key]!;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const lines = data.series.map((series, index) =>
    lineDataset({ label: series.label, slot: series.slot, points: runPoints(data, values[index]!), colour }),
  );
  const gaps = data.series.map(({ label }, index) =>
    gapDataset(label, runPoints(data, values[index]!), colour("--worse")),
  );
  const chart = new Chart<"line", RunPoint[]>(canvas, {
    type: "line",
    data: { datasets: [...lines, ...gaps] },
    options: chartOptions({ data, unit, colour }),
  });
  return {
    showOnly(ids) {
      for (const [index, { id }] of data.series.entries()) {
        chart.setDatasetVisibility(index, ids.has(id));
        chart.setDatasetVisibility(index + data.series.length, ids.has(id));
      }
      chart.update();
    },
    destroy: () => chart.destroy(),
  };
}

function runPoints({ runs }: ChartData, values: readonly (number | string | null)[]): RunPoint[] {
  return values.flatMap((value, run) => {
    const x = runs.time[run]!;
    if (value === null) return [];
    return typeof value === "number" ? [{ x, y: value, run }] : [{ x, y: Number.NaN, run, gap: value }];
  });
}

interface Line {
  label: string;
  slot: number;
  points: RunPoint[];
  colour(name: string): string;
}

function lineDataset({ label, slot, points, colour }: Line): ChartDataset<"line", RunPoint[]> {
  const own = colour(`--series-${slot % 8}`);
  const isCrowded = points.length > CROWDED_FROM;
  return {
    label,
    data: points,
    borderColor: own,
    backgroundColor: own,
    borderWidth: isCrowded ? 1 : 1.75,
    ...(slot >= 8 ? { borderDash: [5, 4] } : {}),
    pointStyle: SHAPES[slot % SHAPES.length]!,
    pointRadius: isCrowded ? 1 : 3,
    pointBorderWidth: isCrowded ? 0 : 1,
    pointHoverRadius: 5,
  };
}

/** Gaps stand on the bottom line, on an axis of their own, wherever the numbers are. */
function gapDataset(label: string, points: RunPoint[], colour: string): ChartDataset<"line", RunPoint[]> {
  return {
    label,
    yAxisID: "gaps",
    data: points.filter(({ gap }) => gap !== undefined).map((point) => ({ ...point, y: 0 })),
    showLine: false,
    clip: false,
    pointStyle: "crossRot",
    pointRadius: 5,
    pointHoverRadius: 7,
    pointBorderWidth: 2,
    borderColor: colour,
    backgroundColor: colour,
  };
}
