import type { ArmKind, End } from "../../arms/commits/arm-result.ts";
import type { AgentPatch } from "../../arms/commits/read/agent-runs.ts";
import type { Availability } from "../../images/registry/availability.ts";
import { type CommitPair, tagsOf } from "../../images/specs/commit-mapping.ts";

/** An arm of one commit that is to be measured. */
export interface PlannedArm {
  /** In results, folders and the runner; each of a commit's has its own. */
  name: string;
  kind: ArmKind;
  /** undefined: the mapping has no parent, and so no image. */
  image: string | undefined;
  /** An agent's. */
  patch?: { agent: string; attempt: number; text: string; file: string };
  /** What is known of the image. */
  availability: Availability;
  /** Why it is not run at all. */
  refused?: { end: End; detail: string };
}

/** Names that are not an agent's. */
const TAKEN = ["baseline", "human", "null"];
const LONGEST_NAME = 40;

/** Baseline, human and the attempts of every agent at one commit. @param types only these arms */
export function armsOf(
  pair: CommitPair,
  patches: readonly AgentPatch[],
  {
    repository,
    types,
    found,
  }: { repository: string; types: readonly ArmKind[]; found: ReadonlyMap<string, Availability> },
): PlannedArm[] {
  const tags = tagsOf(pair);
  const arm = (name: string, kind: ArmKind, tag: string | undefined): PlannedArm => {
    const availability: Availability =
      tag === undefined ? { state: "missing" } : (found.get(tag) ?? { state: "unknown", why: "it was not looked for" });
    const image = tag && `${repository}:${tag}`;
    return { name, kind, image, availability, ...missing(image, availability) };
  };
  const own = patches.filter(({ commit }) => pair.commit.startsWith(commit));
  const names = namesOf(own);
  const agents = own.map(({ agent, patch: text, file }, index): PlannedArm => {
    const { name, attempt } = names[index]!;
    const planned = { ...arm(name, "agent", tags.baseline), patch: { agent, attempt, text, file } };
    if (text.trim() !== "") return planned;
    return { ...planned, refused: { end: "no_patch", detail: `${file} changes nothing` } };
  });
  const all = [arm("baseline", "baseline", tags.baseline), arm("human", "human", tags.human), ...agents];
  return all.filter(({ kind }) => types.includes(kind));
}

function missing(image: string | undefined, { state }: Availability): Pick<PlannedArm, "refused"> {
  if (image === undefined)
    return {
      refused: { end: "image_missing", detail: "the mapping has no parent of it, by which its image would be called" },
    };
  if (state !== "missing") return {};
  return { refused: { end: "image_missing", detail: `${image} is neither on this machine nor in its registry` } };
}

/** What a folder and the runner may be called; further attempts of an agent are numbered. */
function namesOf(patches: readonly AgentPatch[]): { name: string; attempt: number }[] {
  const attempts = new Map<string, number>();
  const names = new Set(TAKEN);
  return patches.map(({ agent }) => {
    const attempt = (attempts.get(agent) ?? 0) + 1;
    attempts.set(agent, attempt);
    const safe = agent
      .replace(/[^A-Za-z0-9._-]/g, "_")
      .slice(0, LONGEST_NAME)
      .replace(/^[^A-Za-z0-9]/, "x");
    const wanted = attempt === 1 ? safe : `${safe}.${attempt}`;
    let name = wanted;
    for (let count = 2; names.has(name); count += 1) name = `${wanted}-${count}`;
    names.add(name);
    return { name, attempt };
  });
}
