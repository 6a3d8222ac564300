/*
 * What a reader has chosen (context, statistic, lines switched off) stands in the address, so that a view can be sent
 * to somebody. Defaults stay out of it.
 */

const form = document.querySelector<HTMLFormElement>("main form")!;
const select = form.querySelector<HTMLSelectElement>("select[name=context]")!;
const statistics = [...form.querySelectorAll<HTMLInputElement>("input[name=statistic]")];
const sections = [...document.querySelectorAll<HTMLElement>("section[data-context]")];
const groups = [...document.querySelectorAll<HTMLElement>("[data-lines]")];
const legend = [...document.querySelectorAll<HTMLButtonElement>("button[data-series]")];
const defaultStatistic = statistics.find((input) => input.defaultChecked)?.value;
const hidden = new Set<string>();

function read(): void {
  const params = new URLSearchParams(location.search);
  const context = params.get("context");
  const known = sections.some((section) => section.dataset.context === context);
  select.value = known ? context! : (sections[0]?.dataset.context ?? "");
  const asked = statistics.find((input) => input.value === params.get("statistic"));
  for (const input of statistics) input.checked = asked === undefined ? input.defaultChecked : input === asked;
  hidden.clear();
  for (const id of params.getAll("hide").flatMap(idsIn)) hidden.add(id);
}

function write(): void {
  const params = new URLSearchParams();
  const statistic = chosenStatistic();
  if (select.selectedIndex > 0) params.set("context", select.value);
  if (statistic !== defaultStatistic) params.set("statistic", statistic);
  for (const id of hidden) params.append("hide", id);
  const query = params.size > 0 ? `?${params}` : "";
  history.replaceState(null, "", location.pathname + query + location.hash);
}

function chosenStatistic(): string {
  return statistics.find((input) => input.checked)?.value ?? "";
}

function show(): void {
  const statistic = chosenStatistic();
  for (const section of sections) section.toggleAttribute("data-off", section.dataset.context !== select.value);
  if (statistic !== "") {
    for (const card of document.querySelectorAll<HTMLElement>("[data-statistic]")) {
      card.toggleAttribute("data-off", card.dataset.statistic !== statistic);
    }
  }
  for (const button of legend) button.ariaPressed = String(!hidden.has(shortId(button)));
  for (const group of groups) group.dispatchEvent(new Event("lines-changed"));
}

/** Behind the benchmark, which the page says; the rest may hold slashes and commas. */
function shortId({ dataset: { series = "" } }: HTMLButtonElement): string {
  return series.slice(series.indexOf("/") + 1);
}

/** Addresses of earlier versions have several ids in one parameter. */
function idsIn(text: string): string[] {
  return legend.some((button) => shortId(button) === text) ? [text] : text.split(",");
}

form.addEventListener("change", () => {
  write();
  show();
});
for (const button of legend) {
  button.addEventListener("click", () => {
    const id = shortId(button);
    if (!hidden.delete(id)) hidden.add(id);
    write();
    show();
  });
}
window.addEventListener("popstate", () => {
  read();
  show();
});
read();
show();
