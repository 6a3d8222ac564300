import type { ChartData } from "../../../src/report/chart-data.ts";
import type { DrawnChart } from "./draw-chart.ts";

const nearViewport = { rootMargin: "200px" };
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const parsed = new WeakMap<Element, ChartData>();

/** Draws its chart when it comes near the viewport; the library is loaded with the first one. */
class TrendChart extends HTMLElement {
  #chart: DrawnChart | undefined;
  readonly #observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.#start();
  }, nearViewport);

  connectedCallback(): void {
    this.#observer.observe(this);
  }

  disconnectedCallback(): void {
    this.#observer.disconnect();
    this.#chart?.destroy();
  }

  get #section(): HTMLElement {
    return this.closest<HTMLElement>("section[data-context]")!;
  }

  async #start(): Promise<void> {
    this.#observer.disconnect();
    await this.#draw();
    this.#section.addEventListener("lines-changed", () => this.#chart?.showOnly(shownLines(this.#section)));
    darkScheme.addEventListener("change", () => this.#draw());
  }

  async #draw(): Promise<void> {
    const { drawChart } = await import("./draw-chart.ts");
    this.#chart?.destroy();
    const canvas = this.querySelector("canvas")!;
    this.#chart = drawChart({ canvas, data: dataOf(this.#section), key: this.dataset.chart! });
    this.#chart.showOnly(shownLines(this.#section));
    this.dataset.drawn = "";
  }
}

function dataOf(section: HTMLElement): ChartData {
  const known = parsed.get(section);
  if (known !== undefined) return known;
  const data: ChartData = JSON.parse(section.querySelector("script[type='application/json']")!.textContent);
  parsed.set(section, data);
  return data;
}

function shownLines(section: HTMLElement): Set<string> {
  const pressed = section.querySelectorAll<HTMLElement>("button[data-series][aria-pressed=true]");
  return new Set([...pressed].map((button) => button.dataset.series!));
}

customElements.define("trend-chart", TrendChart);
