import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { Evidence } from "../../arms/bisect/evidence.ts";
import { calmBlocks } from "../../arms/bisect/outliers.ts";
import { UsageError } from "../../errors.ts";
import { readJson, writeJson } from "../../files.ts";
import { Bisect, type BisectBuild } from "../../result/document/bisect.ts";
import { compactMoment } from "../../result/document/run.ts";
import { bisectFile } from "../../working-folder/names.ts";

/** A search before anything was measured. */
export type Begun = Omit<Bisect, "schema" | "id" | "startedAt" | "updatedAt" | "blocks" | "deviceSeconds" | "result">;

/** SHA-256 of all that decides what is measured. */
export function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * The state that an earlier call left in the folder, or a new one.
 * @throws UsageError when it is that of another search; UserError when the file is damaged
 */
export async function openState(
  output: string,
  begun: Begun,
  { clean, force }: { clean: boolean; force: boolean },
): Promise<Bisect> {
  const file = bisectFile(output);
  const now = new Date().toISOString();
  const id = `${compactMoment(now)}-${begun.inputs.slice(0, 8)}`;
  if (clean || !existsSync(file)) {
    return { schema: "pitwall.bisect/1", id, startedAt: now, updatedAt: now, ...begun, deviceSeconds: 0, blocks: [] };
  }
  const { result: _, ...known } = await readJson(file, Bisect);
  if (known.inputs !== begun.inputs) {
    throw new UsageError(
      `${output} holds another search, of ${known.cell} ${known.metric}: give --clean to begin anew in its place, or another --output`,
    );
  }
  refuseOtherHost(known, begun, force);
  return { ...known, maxBlocks: begun.maxBlocks };
}

function refuseOtherHost(known: Bisect, { host }: Begun, force: boolean): void {
  const isSame =
    known.host.gpu === host.gpu && known.host.label === host.label && known.host.gpuCount === host.gpuCount;
  if (isSame || force) return;
  throw new UsageError(
    `the search was begun on ${known.host.label} (${known.host.gpu ?? "no GPU"}), and this is ${host.label} ` +
      `(${host.gpu ?? "no GPU"}): go on there, or begin anew with --clean`,
  );
}

export async function writeState(output: string, state: Bisect): Promise<void> {
  await writeJson(bisectFile(output), state);
}

/** As a search takes it. */
export function evidenceOf({ builds, blocks }: Bisect, stored: Evidence["stored"]): Evidence {
  return {
    weights: builds.slice(1).map(({ weight }) => weight),
    blocks: blocks.map(({ build, against, base, arm }) => ({ commit: build, against, block: { base, arm } })),
    stored,
    skipped: builds.flatMap(({ skipped }, place) => (skipped === undefined ? [] : [place])),
  };
}

/** The state with what is known now. @param skipped why, where the last that was tried cannot be measured */
export function stateWith(
  state: Bisect,
  evidence: Evidence,
  skipped: { commit: number; detail: string } | null,
): Bisect {
  const builds = state.builds.map((build, place): BisectBuild => {
    return place === skipped?.commit ? { ...build, skipped: skipped.detail } : build;
  });
  const calm = new Set(calmBlocks(evidence.blocks));
  const blocks = evidence.blocks.map((measured) => {
    const { commit, against, block } = measured;
    const numbers = { base: [...block.base] as const, arm: [...block.arm] as const };
    return { build: commit, against, ...numbers, ...(calm.has(measured) ? {} : { setAside: true as const }) };
  });
  return Bisect.parse({ ...state, updatedAt: new Date().toISOString(), builds, blocks });
}
