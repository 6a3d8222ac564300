/** What a secret that is not known beforehand looks like: keys of OpenAI and Hugging Face, tokens of GitHub, credentials in URLs. */
const LOOKS_SECRET = /\b(?:sk|hf|ghp|gho|ghs|github_pat|xox[abp])[-_][A-Za-z0-9_-]{8,}/g;
const BEARER = /\b(bearer\s)[^\s"'\\]+/gi;
const CREDENTIALS = /(:\/\/)[^\s"'/?#@]*@/g;
const HIDDEN = "•••";

/** Makes a function that takes secrets out of a text: these, and whatever looks like one. */
export function redacting(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.trim() !== "");
  return (text) =>
    known
      .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text)
      .replaceAll(CREDENTIALS, `$1${HIDDEN}@`)
      .replaceAll(BEARER, `$1${HIDDEN}`)
      .replaceAll(LOOKS_SECRET, HIDDEN);
}
