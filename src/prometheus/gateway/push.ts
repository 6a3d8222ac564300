import pRetry from "p-retry";
import { UserError } from "../../errors.ts";
import { expositionText, type Family, labelsKey, seriesKey } from "../exposition.ts";
import { type Group, pushTime } from "../group.ts";
import type { Answer, Gateway } from "./gateway.ts";
import { groupingPath } from "./grouping-path.ts";
import { type GroupThere, groupsThere } from "./groups-there.ts";

interface Push {
  job: string;
  groups: readonly Group[];
  /** Milliseconds since 1970, asked for each group. */
  now: () => number;
}

/** Waits between tries, in milliseconds: the first, which doubles. */
export interface Patience {
  tries: number;
  firstWaitMs: number;
}

/** Worth another try: a PUT of the same numbers comes to the same, however often it is done. */
class PerhapsLater extends Error {
  readonly answer: Exclude<Answer, { kind: "done" }>;
  constructor(answer: Exclude<Answer, { kind: "done" }>) {
    super(answer.reason);
    this.answer = answer;
  }
}

/**
 * Replaces groups one after the other, and asks the gateway then whether it holds these numbers. Only that is a success: 1.11.0
 * closes the connection in place of an answer where it rejects a push, and a proxy may say 200 for whatever it does. A group
 * that is refused, as for a type that another one has already, says nothing of the others.
 * @returns why each group was refused that was
 * @throws UserError when the gateway cannot be reached, or does not hold what it took
 */
export async function pushGroups(
  gateway: Gateway,
  { job, groups, now }: Push,
  patience: Patience,
): Promise<Map<Group, string>> {
  const refused = new Map<Group, string>();
  const taken: Sent[] = [];
  for (const group of groups) {
    const sent = { job, group, families: [...group.families, pushTime(now())] };
    const why = await putGroup(gateway, sent, patience);
    if (why === undefined) taken.push(sent);
    else refused.set(group, why);
  }
  const there = taken.length > 0 ? await groupsThere(gateway) : [];
  for (const sent of taken) {
    const difference = differenceIn(there, sent);
    if (difference !== undefined) {
      throw new UserError(`${gateway.base} took ${nameOf(sent.group)}, but does not hold it: ${difference}`);
    }
  }
  return refused;
}

/** @returns why the gateway says no; undefined when it says yes */
async function putGroup(gateway: Gateway, sent: Sent, { tries, firstWaitMs }: Patience): Promise<string | undefined> {
  const path = groupingPath(sent.job, sent.group.labels);
  const body = expositionText(sent.families);
  try {
    return await pRetry(() => putOnce(gateway, path, body), {
      retries: tries - 1,
      minTimeout: firstWaitMs,
      shouldRetry: ({ error }) => error instanceof PerhapsLater,
    });
  } catch (error) {
    if (!(error instanceof PerhapsLater)) throw error;
    throw await notPushed(gateway, error.answer, sent);
  }
}

async function putOnce(gateway: Gateway, path: string, body: string): Promise<string | undefined> {
  const answer = await gateway.ask("PUT", path, body);
  if (answer.kind === "done") return undefined;
  if (answer.kind === "refused") return `${gateway.base} refuses a push with ${answer.reason}`;
  throw new PerhapsLater(answer);
}

interface Sent {
  job: string;
  group: Group;
  families: readonly Family[];
}

/** What came of a push whose connection was closed the gateway itself says. */
async function notPushed(gateway: Gateway, answer: PerhapsLater["answer"], sent: Sent): Promise<UserError> {
  const { base } = gateway;
  const { group } = sent;
  if (answer.kind !== "closed") return new UserError(`${base} cannot be reached: ${answer.reason}`);
  const what = `${base} closed the connection in place of an answer (${answer.reason})`;
  const difference = await groupsThere(gateway).then(
    (there) => differenceIn(there, sent),
    (error: Error) => error.message,
  );
  if (difference === undefined) return new UserError(`${what}, although it holds the numbers of ${nameOf(group)} now`);
  return new UserError(`${what}: perhaps it rejected ${nameOf(group)}, for it does not hold it: ${difference}`);
}

/** What is there in another way than it was sent, in words; undefined when nothing is. */
function differenceIn(
  groups: readonly GroupThere[],
  { job, group: { labels: own }, families }: Sent,
): string | undefined {
  const key = labelsKey(own);
  const there = groups.find((group) => group.job === job && labelsKey(group.labels) === key);
  if (there === undefined) return "there is no such group";
  for (const [name, parts] of Map.groupBy(families, (family) => family.name)) {
    const samples = parts.flatMap((part) => part.samples);
    const numbers = there.family(name);
    if (samples.length > 0 && numbers === undefined) return `${name} is missing`;
    const wrong = samples.find(({ labels, value }) => numbers!.get(seriesKey(labels)) !== value);
    if (wrong !== undefined) {
      return `${name} is ${numbers!.get(seriesKey(wrong.labels)) ?? "missing"} and not ${wrong.value}`;
    }
    if (samples.length > 0 && numbers!.size !== samples.length) return `${name} has other series, too`;
  }
  return undefined;
}

/** A group in words. */
export const nameOf = ({ labels }: Pick<Group, "labels">) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
