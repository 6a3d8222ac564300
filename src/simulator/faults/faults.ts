import { badRequest } from "../request/api-error.ts";

/** What is wrong with one answer; absent parts are right. */
export interface Faults {
  /** Answer with this HTTP status and no generation. */
  status?: number;
  /** Reset the connection instead of answering. */
  reset?: true;
  /** Reset it, and refuse new ones for so many seconds. */
  refuse?: number;
  /** After so many tokens an error inside the stream. */
  error?: number;
  /** After so many tokens the socket is closed: no finish reason, no [DONE]. */
  cut?: number;
  /** Nothing for `seconds` after so many tokens; for ever when infinite. */
  stall?: { seconds: number; afterTokens: number };
  /** Each event in several writes, cut inside a character. */
  split?: true;
  /** So many tokens' events in one write. */
  merge?: number;
  /** An SSE comment before each event. */
  pings?: true;
  /** CR LF at the end of lines. */
  crlf?: true;
  /** So many tokens fewer than asked, with the finish reason `stop`. */
  short?: number;
}

interface FaultKind {
  /** Shown in help and errors. */
  form: string;
  parse(value: string | undefined): Faults | null;
}

const whole = (value: string | undefined, fallback: number, min = 0): number | null => {
  const number = value === undefined ? fallback : Number(value);
  return value !== "" && Number.isInteger(number) && number >= min ? number : null;
};
const seconds = (value: string | undefined, fallback: number): number | null => {
  const number = value === undefined ? fallback : Number(value);
  return value !== "" && number >= 0 && number < Number.POSITIVE_INFINITY ? number : null;
};
const plain = (faults: Faults) => (value: string | undefined) => (value === undefined ? faults : null);
const given = <V>(value: V | null, faults: (value: V) => Faults) => (value === null ? null : faults(value));

const KINDS: Record<string, FaultKind> = {
  status: {
    form: "status=NNN",
    parse: (value) => {
      const status = whole(value, 500, 400);
      return status === null || status > 599 ? null : { status };
    },
  },
  reset: { form: "reset", parse: plain({ reset: true }) },
  refuse: { form: "refuse=SECONDS", parse: (value) => given(seconds(value, 1), (refuse) => ({ refuse })) },
  error: { form: "error=TOKENS", parse: (value) => given(whole(value, 1), (error) => ({ error })) },
  cut: { form: "cut=TOKENS", parse: (value) => given(whole(value, 1), (cut) => ({ cut })) },
  stall: { form: "stall=SECONDS@TOKENS", parse: parseStall },
  hang: {
    form: "hang=TOKENS",
    parse: (value) =>
      given(whole(value, 1), (afterTokens) => ({ stall: { seconds: Number.POSITIVE_INFINITY, afterTokens } })),
  },
  split: { form: "split", parse: plain({ split: true }) },
  merge: { form: "merge=TOKENS", parse: (value) => given(whole(value, 4, 1), (merge) => ({ merge })) },
  pings: { form: "pings", parse: plain({ pings: true }) },
  crlf: { form: "crlf", parse: plain({ crlf: true }) },
  short: { form: "short=TOKENS", parse: (value) => given(whole(value, 1, 1), (short) => ({ short })) },
};

function parseStall(value: string | undefined): Faults | null {
  const [time, tokens, ...more] = (value ?? "1@1").split("@");
  const [length, afterTokens] = [seconds(time, 1), whole(tokens, 1)];
  return length === null || afterTokens === null || more.length > 0
    ? null
    : { stall: { seconds: length, afterTokens } };
}

export const FAULT_FORMS = Object.values(KINDS).map(({ form }) => form);

/**
 * @param text `NAME[=VALUE]`, several of them with commas
 * @throws ApiError that names the known faults
 */
export function parseFaults(text: string): Faults {
  const faults: Faults = {};
  for (const part of text.split(",").map((part) => part.trim())) {
    const [name = "", ...value] = part.split("=");
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (kind === undefined) {
      throw badRequest(`unknown fault “${name}”; known are ${FAULT_FORMS.join(", ")}`, "x-pitwall-fault");
    }
    const parsed = kind.parse(value.length === 0 ? undefined : value.join("="));
    if (parsed === null) throw badRequest(`“${part}” is not like ${kind.form}`, "x-pitwall-fault");
    Object.assign(faults, parsed);
  }
  return faults;
}

/** Which requests are faulty without having asked for it. */
export interface FaultPlan {
  faults: Faults;
  /** Every n-th request… */
  every: number;
  /** …from this one on, counted from 1. */
  from: number;
}

/** @param requestNumber counted from 1; @param header overrides the plan */
export function faultsOf(plan: FaultPlan | null, requestNumber: number, header: string | undefined): Faults {
  if (header !== undefined) return parseFaults(header);
  if (plan === null || requestNumber < plan.from) return {};
  return (requestNumber - plan.from + 1) % plan.every === 0 ? plan.faults : {};
}
