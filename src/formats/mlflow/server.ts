import { messageOf, UsageError, UserError } from "../../errors.ts";
import { readBody } from "../../limited-body.ts";

/** MLflow's REST interface, version 2.0. */
export interface MlflowServer {
  /** null when there is no such thing. */
  get(path: string, query: Record<string, string>): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

const ANSWER_WITHIN_MS = 60_000;
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * @param env the variables of MLflow's own client: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD
 * @throws UsageError for an address that is none, or has a password in it
 */
export function mlflowServer(address: string, env: NodeJS.ProcessEnv, signal: AbortSignal): MlflowServer {
  const base = URL.canParse(address) ? new URL(address) : undefined;
  if (base === undefined || !["http:", "https:"].includes(base.protocol)) {
    throw new UsageError(`${address} is not the address of an MLflow server, as in http://127.0.0.1:5000`);
  }
  if (base.username !== "" || base.password !== "") {
    throw new UsageError("no password in the address: MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD take it");
  }
  const root = `${base.origin}${base.pathname.replace(/\/$/, "")}/api/2.0/mlflow/`;
  const headers = { "content-type": "application/json", ...authorization(env) };
  const call = async (path: string, init: RequestInit) => {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const unanswered = (cause: Error): never => {
      throw new UserError(`${base.origin} does not answer: ${messageOf(cause.cause ?? cause)}`, { cause });
    };
    const response = await fetch(root + path, { ...init, headers, signal: limits, redirect: "error" }).catch(
      unanswered,
    );
    const text = await readBody(response.body ?? new ReadableStream(), LARGEST_ANSWER_BYTES).catch(unanswered);
    if (response.ok) return parse(text, base.origin);
    if (response.status === 404 && text.includes("RESOURCE_DOES_NOT_EXIST")) return null;
    throw new UserError(
      `${base.origin} refused ${path.replace(/\?.*/, "")} with status ${response.status}: ${reasonIn(text, response)}`,
    );
  };
  return {
    get: (path, query) => call(`${path}?${new URLSearchParams(query)}`, { method: "GET" }),
    post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }),
  };
}

function authorization({
  MLFLOW_TRACKING_TOKEN,
  MLFLOW_TRACKING_USERNAME,
  MLFLOW_TRACKING_PASSWORD,
}: NodeJS.ProcessEnv) {
  if (MLFLOW_TRACKING_TOKEN) return { authorization: `Bearer ${MLFLOW_TRACKING_TOKEN}` };
  if (!MLFLOW_TRACKING_USERNAME) return {};
  const pair = Buffer.from(`${MLFLOW_TRACKING_USERNAME}:${MLFLOW_TRACKING_PASSWORD ?? ""}`);
  return { authorization: `Basic ${pair.toString("base64")}` };
}

function parse(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${origin} is no MLflow server: it does not answer in JSON`, { cause });
  }
}

function reasonIn(text: string, { status }: Response): string {
  if (status === 401 || status === 403) {
    return "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD";
  }
  return text.slice(0, 500);
}
