/** The variable that holds the key of a server that wants one: never an input, which would be stored and shown. */
export const API_KEY_VARIABLE = "PITWALL_API_KEY";

/** What goes into the head of every request; empty without a key. */
export function authorization(env: NodeJS.ProcessEnv = process.env): { authorization?: string } {
  const key = env[API_KEY_VARIABLE];
  return key ? { authorization: `Bearer ${key}` } : {};
}
