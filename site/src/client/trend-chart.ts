import type { ChartData } from "../../../src/report/trends/chart-data.ts";
import type { DrawnChart } from "./draw-chart.ts";

const nearViewport = { rootMargin: "200px" };
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const parsed = new WeakMap<Element, ChartData>();

/** Draws its chart when it comes near the viewport; the library is loaded with the first one. */
class TrendChart extends HTMLElement {
  #chart: DrawnChart | undefined;
  readonly #observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.#start().catch((error) => this.#giveUp(error));
  }, nearViewport);

  connectedCallback(): void {
    this.#observer.observe(this);
  }

  disconnectedCallback(): void {
    this.#observer.disconnect();
    this.#chart?.destroy();
  }

  get #group(): HTMLElement {
    return this.closest<HTMLElement>("[data-lines]")!;
  }

  async #start(): Promise<void> {
    this.#observer.disconnect();
    await this.#draw();
    this.#group.addEventListener("lines-changed", () => this.#chart?.showOnly(shownLines(this.#group)));
    darkScheme.addEventListener("change", () => this.#draw());
  }

  async #draw(): Promise<void> {
    const { drawChart } = await import("./draw-chart.ts");
    this.#chart?.destroy();
    const canvas = this.querySelector("canvas")!;
    this.#chart = drawChart({ canvas, data: dataOf(this.#group), key: this.dataset.chart! });
    this.#chart.showOnly(shownLines(this.#group));
    this.dataset.drawn = "";
  }

  /** One chart that cannot be drawn takes nothing else with it, and its table is there. */
  #giveUp(error: unknown): void {
    console.error(error);
    const note = document.createElement("p");
    note.textContent = "This chart could not be drawn; its numbers are in the table below.";
    this.replaceChildren(note);
  }
}

function dataOf(group: HTMLElement): ChartData {
  const known = parsed.get(group);
  if (known !== undefined) return known;
  const data: ChartData = JSON.parse(group.querySelector("script[type='application/json']")!.textContent);
  parsed.set(group, data);
  return data;
}

function shownLines(group: HTMLElement): Set<string> {
  const pressed = group.querySelectorAll<HTMLElement>("button[data-series][aria-pressed=true]");
  return new Set([...pressed].map((button) => button.dataset.series!));
}

customElements.define("trend-chart", TrendChart);
