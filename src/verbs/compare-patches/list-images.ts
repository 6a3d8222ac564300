import { joined, type Markdown, md } from "../../foreign-text/markdown.ts";
import { parseRepository } from "../../images/registry/place.ts";
import { Registry } from "../../images/registry/registry.ts";
import { type CommitPair, tagsOf } from "../../images/specs/commit-mapping.ts";
import { markdownTable } from "../../report/markdown.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";

interface CommitImages {
  commit: string;
  human: boolean;
  /** undefined: the mapping has no parent of it. */
  baseline: boolean | undefined;
}

const HUMAN = /^[0-9a-f]{40}$/;
const BASELINE = /^baseline-[0-9a-f]{12}$/;

/** Which images a repository has for the commits of a mapping; asks the registry for its list of tags, and runs nothing. */
export async function listImages(
  pairs: readonly CommitPair[],
  repository: string,
  { signal }: Tools,
): Promise<Outcome> {
  const tags = await new Registry(parseRepository(repository), signal).tags();
  const known = new Set(tags);
  const commits = pairs.map((pair): CommitImages => {
    const { human, baseline } = tagsOf(pair);
    return {
      commit: pair.commit,
      human: known.has(human),
      baseline: baseline === undefined ? undefined : known.has(baseline),
    };
  });
  const kinds = {
    human: tags.filter((tag) => HUMAN.test(tag)),
    baseline: tags.filter((tag) => BASELINE.test(tag)),
  };
  const isMissing = ({ human, baseline }: CommitImages) => !human || baseline !== true;
  const summary = imagesMarkdown(repository, commits, kinds);
  const json = {
    ...{ repository, tags: { all: tags.length, human: kinds.human.length, baseline: kinds.baseline.length } },
    images: pairs.map((pair, index) => {
      const { human, baseline } = tagsOf(pair);
      const { human: hasHuman, baseline: hasBaseline } = commits[index]!;
      return {
        ...{ commit: pair.commit, human: { tag: human, exists: hasHuman } },
        ...(baseline === undefined ? {} : { baseline: { tag: baseline, exists: hasBaseline === true } }),
      };
    }),
  };
  return {
    ok: true,
    outputs: {
      commits: commits.length,
      complete: commits.length - commits.filter(isMissing).length,
      wins: null,
      report: null,
    },
    ...{ json, summary, text: summary.source },
  };
}

const existsText = (exists: boolean | undefined) =>
  exists === undefined ? "no parent known" : exists ? "yes" : "missing";

function imagesMarkdown(
  repository: string,
  commits: readonly CommitImages[],
  { human, baseline }: Record<"human" | "baseline", readonly string[]>,
): Markdown {
  const complete = commits.filter((one) => one.human && one.baseline === true).length;
  const table = markdownTable({
    title: `Images in ${repository}`,
    columns: ["Commit", "Human", "Baseline"],
    firstNumber: 3,
    rows: commits.map((one) => [one.commit, existsText(one.human), existsText(one.baseline)]),
  });
  const sums = md`${complete} of ${commits.length} commits have both images. The repository has ${human.length} tags of commits and ${baseline.length} of baselines.`;
  return md`${joined([table, sums], "\n\n")}\n`;
}
