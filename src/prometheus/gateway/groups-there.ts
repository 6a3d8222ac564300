import { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { type Labels, seriesKey } from "../exposition.ts";
import { PUSH_TIME } from "../group.ts";
import type { Gateway } from "./gateway.ts";

const texts = z.record(z.string(), z.string());
/** The value of summaries and histograms, which other people push, has another form. */
const Family = z.looseObject({ metrics: z.array(z.looseObject({ labels: texts, value: z.unknown().optional() })) });
const Groups = z.looseObject({ data: z.array(z.looseObject({ labels: texts })) });

/** A group as the gateway holds it. */
export interface GroupThere {
  job: string;
  /** Without the job. */
  labels: Labels;
  /** Numbers by {@link seriesKey}, without the labels of the group; undefined where the gateway has none of that name. */
  family(name: string): ReadonlyMap<string, number> | undefined;
  /** Seconds since 1970; undefined in a group that pitwall never pushed. */
  pushedAt: number | undefined;
}

/** All groups that a gateway holds. @throws UserError where it does not tell them */
export async function groupsThere(gateway: Gateway): Promise<GroupThere[]> {
  const answer = await gateway.ask("GET", "/api/v1/metrics");
  if (answer.kind !== "done") {
    throw new UserError(
      `${gateway.base} does not tell what it holds: ${answer.reason} (Pushgateway 1.0 or newer does)`,
    );
  }
  const { data } = parseJson(answer.text, Groups, `the answer of ${gateway.base}`);
  return data.map(({ labels: { job = "", ...labels }, ...families }) => {
    const family = (name: string) => numbersIn(families[name], labels);
    return { job, labels, family, pushedAt: [...(family(PUSH_TIME)?.values() ?? [])][0] };
  });
}

function numbersIn(family: unknown, groupLabels: Labels): Map<string, number> | undefined {
  const { success, data } = Family.safeParse(family);
  if (!success) return undefined;
  return new Map(
    data.metrics.map(({ labels, value }) => {
      // The gateway adds the group's labels to each series, and an empty instance where there is none.
      const own = Object.entries(labels).filter(([name]) => name !== "job" && !Object.hasOwn(groupLabels, name));
      return [seriesKey(Object.fromEntries(own)), Number(value)];
    }),
  );
}
