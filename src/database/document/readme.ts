import { PACK_FOLDER } from "../pack/packed-index.ts";
import { KINDS } from "../records/kinds.ts";
import { MARKER_FILE } from "./layout.ts";

const { run: RUN, ...records } = KINDS;
const row = (path: string, holds: string) => `| \`${path}\` | ${holds} |\n`;
const kindRow = ({ readme: { path, holds } }: typeof RUN | (typeof records)[keyof typeof records]) => row(path, holds);

/** README.md of a new data branch. */
export const README = `# Benchmark history

This branch is a database of pitwall: one JSON document for each benchmark run of an LLM inference engine. It shares no
history with the source code, on purpose.

| file | holds |
|---|---|
${row(MARKER_FILE, "the format of this branch, and whether runs of a real engine are on it")}${kindRow(RUN)}${row(
  `${PACK_FOLDER}/<year>/<month>.jsonl.gz`,
  "the runs of a month that is over, one a line; `.ids` beside it says which",
)}${Object.values(records).map(kindRow).join("")}
\`pitwall publish\` adds documents and \`pitwall compact\` packs them, byte for byte; nothing changes or removes them, and
neither should you. Numbers of documents with \`"simulated":true\` come from pitwall's built-in simulator, not from a
machine; documents with a \`"source"\` were imported.
\`pitwall build-site --database REPOSITORY#BRANCH\` draws the charts.
`;
