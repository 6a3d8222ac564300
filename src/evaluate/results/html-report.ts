import { type Html, html } from "../../foreign-text/html.ts";
import type { Evaluated, Graded } from "./graded.ts";
import { STAGES, secondsOf, whyOf } from "./markdown-report.ts";
import { type CandidateSummary, percent, type Summary, seedLines, shownResults, type Tally } from "./summary.ts";

const STYLE = html`
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #8886; padding: 0.3rem 0.8rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td { overflow-wrap: anywhere; }
`;

/** report.html: one file that asks nothing of any server, and runs nothing. */
export function htmlReport(evaluated: Evaluated, summary: Summary): Html {
  const { candidates, notValid } = summary;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evaluation</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Evaluation</h1>
${candidates.map(candidatePart)}
${notValid.length === 0 ? [] : notValidPart(notValid)}
<h2>Instances, with the seconds that they took</h2>
<table>
<thead><tr><th>Instance</th><th>Candidate</th><th>Status</th><th>Why</th>${STAGES.map(([, head]) => html`<th class="number">${head}</th>`)}</tr></thead>
<tbody>
${shownResults(evaluated, summary).map(row)}</tbody>
</table>
</body>
</html>
`;
}

const row = ({ instance, candidate, grade, saved }: Graded) =>
  html`<tr><td>${instance.id}</td><td>${candidate}</td><td>${grade.status}</td><td>${whyOf(grade)}</td>${secondsOf(saved).map((text) => html`<td class="number">${text}</td>`)}</tr>
`;

const candidatePart = ({ model, all, groups, categories }: CandidateSummary) => html`<section>
<h2>${model}</h2>
<p><strong>${all.resolved} of ${all.valid} resolved</strong> (${percent(all.resolved, all.valid)}); ${all.asked} were asked for.</p>
${seedLines(all).map((line) => html`<p>${line}</p>`)}
${table("Versions", groups)}
${table("Category", categories)}
</section>
`;

const table = (head: string, tallies: readonly Tally[]) => html`<table>
<thead><tr><th>${head}</th><th class="number">Resolved</th><th class="number">Valid</th><th class="number">Asked for</th></tr></thead>
<tbody>
${tallies.map(
  ({ name, resolved, valid, asked }) =>
    html`<tr><td>${name}</td><td class="number">${resolved} (${percent(resolved, valid)})</td><td class="number">${valid}</td><td class="number">${asked}</td></tr>
`,
)}</tbody>
</table>
`;

const notValidPart = (entries: Summary["notValid"]) => html`<h2>Not valid here</h2>
<ul>${entries.map(({ id, why }) => html`<li>${id}: ${why}</li>`)}</ul>
`;
