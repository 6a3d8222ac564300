import type { ChartOptions, Scale, Tick, TooltipItem } from "chart.js";
import type { ChartData } from "../../../src/report/trends/chart-data.ts";
import { formatMoment, timeTicks } from "../../../src/report/trends/time-axis.ts";
import { formatInUnit } from "../../../src/result/metrics/unit.ts";

/** A point of ours: which run it belongs to, and why it has no number. */
export interface RunPoint {
  x: number;
  y: number;
  run: number;
  gap?: string;
}

const HOUR = 3_600_000;
const PIXELS_A_TICK = 80;

interface Look {
  data: ChartData;
  unit: string;
  colour(name: string): string;
}

export function chartOptions({ data, unit, colour }: Look): ChartOptions<"line"> {
  const quiet = colour("--quiet");
  const grid = { color: colour("--line"), tickColor: "transparent" };
  const font = { family: colour("--sans"), size: 11 };
  return {
    animation: false,
    parsing: false,
    spanGaps: false,
    maintainAspectRatio: false,
    interaction: { mode: "nearest", axis: "x", intersect: false },
    layout: { padding: { top: 6, right: 8 } },
    scales: {
      x: {
        ...timeScale(data.runs.time, { color: quiet, font }),
        grid: { ...grid, drawOnChartArea: false },
        border: { color: colour("--line") },
      },
      y: { grace: "6%", grid, border: { display: false }, ticks: { color: quiet, font, maxTicksLimit: 6 } },
      gaps: { display: false, min: 0, max: 1 },
    },
    plugins: { tooltip: tooltip({ data, unit, colour }) },
    onClick: (_event, elements, chart) => {
      const [element] = elements;
      if (element === undefined) return;
      const point = chart.data.datasets[element.datasetIndex]!.data[element.index] as RunPoint;
      location.assign(data.runs.href[point.run]!);
    },
  };
}

function timeScale(times: readonly number[], ticks: { color: string; font: { family: string; size: number } }) {
  const first = times[0]!;
  const last = times.at(-1)!;
  const margin = Math.max((last - first) * 0.02, HOUR / 4);
  return {
    type: "linear" as const,
    min: first - margin,
    max: last + margin,
    ticks: {
      ...ticks,
      minRotation: 0,
      maxRotation: 0,
      callback: (_value: string | number, index: number, all: Tick[]) => all[index]?.label,
    },
    afterBuildTicks: (axis: Scale) => {
      axis.ticks = timeTicks(axis.min, axis.max, Math.max(3, Math.floor(axis.width / PIXELS_A_TICK)));
    },
  };
}

function tooltip({ data: { runs }, unit, colour }: Look) {
  const pointOf = (item: TooltipItem<"line"> | undefined) => item?.raw as RunPoint | undefined;
  return {
    backgroundColor: colour("--ink"),
    titleColor: colour("--page"),
    bodyColor: colour("--page"),
    padding: 10,
    boxPadding: 4,
    usePointStyle: true,
    callbacks: {
      title: (items: TooltipItem<"line">[]) => {
        const run = pointOf(items[0])?.run;
        if (run === undefined) return "";
        const facts = [runs.commit[run], runs.version[run]].filter((fact) => fact !== null);
        return [formatMoment(runs.time[run]!), facts.join(" · ")].filter((line) => line !== "");
      },
      label: (item: TooltipItem<"line">) => {
        const point = pointOf(item)!;
        return `${item.dataset.label}: ${point.gap ?? `${formatInUnit(point.y, unit)} ${unit}`}`;
      },
    },
  };
}
