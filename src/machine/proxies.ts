/** All that programs look for, in both spellings. */
export const PROXY_VARIABLES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];

/** Proxies of an environment in lower and upper case, for programs know one or the other. */
export function proxiesInBothSpellings(
  env: NodeJS.ProcessEnv,
  names: readonly string[] = ["http_proxy", "https_proxy"],
): NodeJS.ProcessEnv {
  const both = names.flatMap((name) => {
    const value = env[name] || env[name.toUpperCase()];
    return value ? [[name, value] as const, [name.toUpperCase(), value] as const] : [];
  });
  return Object.fromEntries(both);
}
