import pRetry from "p-retry";
import { UserError } from "../../errors.ts";
import { expositionText, type Family, labelsKey, seriesKey } from "../exposition.ts";
import { type Group, pushTime } from "../group.ts";
import type { Answer, Gateway } from "./gateway.ts";
import { groupingPath } from "./grouping-path.ts";
import { type GroupThere, groupsThere } from "./groups-there.ts";

/** The gateway says no to one group, by its name; others may be taken all the same. */
export class GroupRefused extends UserError {
  override name = "GroupRefused";
}

interface Push {
  job: string;
  group: Group;
  /** Milliseconds since 1970. */
  now: number;
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
 * Replaces one group, and asks the gateway whether it holds these numbers now. Only that is a success: 1.11.0 closes the
 * connection in place of an answer where it rejects a push, and a proxy may say 200 for whatever it does.
 * @throws GroupRefused when the gateway says no; UserError when it cannot be reached or holds something else
 */
export async function pushGroup(gateway: Gateway, { job, group, now }: Push, { tries, firstWaitMs }: Patience) {
  const families = [...group.families, pushTime(now)];
  const path = groupingPath(job, group.labels);
  const body = expositionText(families);
  try {
    await pRetry(() => putOnce(gateway, path, body), {
      retries: tries - 1,
      minTimeout: firstWaitMs,
      shouldRetry: ({ error }) => error instanceof PerhapsLater,
    });
  } catch (error) {
    if (!(error instanceof PerhapsLater)) throw error;
    throw await notPushed(gateway, error.answer, { job, group, families });
  }
  const difference = differenceIn(await find(gateway, job, group), families);
  if (difference !== undefined) {
    throw new UserError(`${gateway.base} took ${nameOf(group)}, but does not hold it: ${difference}`);
  }
}

async function putOnce(gateway: Gateway, path: string, body: string): Promise<void> {
  const answer = await gateway.ask("PUT", path, body);
  if (answer.kind === "done") return;
  if (answer.kind === "refused") throw new GroupRefused(`${gateway.base} refuses a push with ${answer.reason}`);
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
  const { group, families } = sent;
  if (answer.kind !== "closed") return new UserError(`${base} cannot be reached: ${answer.reason}`);
  const what = `${base} closed the connection in place of an answer (${answer.reason})`;
  const difference = await find(gateway, sent.job, group).then(
    (there) => differenceIn(there, families),
    (error: Error) => error.message,
  );
  if (difference === undefined) return new UserError(`${what}, although it holds the numbers of ${nameOf(group)} now`);
  return new UserError(`${what}: perhaps it rejected ${nameOf(group)}, for it does not hold it: ${difference}`);
}

async function find(gateway: Gateway, job: string, { labels }: Group): Promise<GroupThere | undefined> {
  const groups = await groupsThere(gateway);
  return groups.find((group) => group.job === job && labelsKey(group.labels) === labelsKey(labels));
}

/** What is there in another way than it was sent, in words; undefined when nothing is. */
function differenceIn(there: GroupThere | undefined, families: readonly Family[]): string | undefined {
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
