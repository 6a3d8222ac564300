import { PROXY_VARIABLES, proxiesInBothSpellings } from "../../machine/proxies.ts";
import type { Tools } from "../../tools.ts";
import { text } from "./fields.ts";
import { inGroup } from "./groups.ts";

/** For verbs whose containers or builds fetch things; pitwall.yml has them once for all. */
export const proxyInputs = inGroup("Proxies", {
  httpProxy: text(
    "Proxy for what builds and set-ups fetch (default: http_proxy of the environment).",
    "URL",
  ).optional(),
  httpsProxy: text("The same for https (default: https_proxy).", "URL").optional(),
  withoutProxy: text("Hosts that are reached without a proxy (default: no_proxy).", "HOST,…").optional(),
});

type ProxyInputs = { [key in keyof typeof proxyInputs]?: string | undefined };

/**
 * What a dry run says of proxies that are inputs, and not in the environment of whoever pastes its lines. Their values may hold a
 * password, and a log is read by others.
 */
export function proxyRemark({ httpProxy, httpsProxy, withoutProxy }: ProxyInputs, env: NodeJS.ProcessEnv): string[] {
  if ([httpProxy, httpsProxy, withoutProxy].every((value) => value === undefined)) return [];
  const names = PROXY_VARIABLES.filter((name) => env[name]);
  return [`# with the proxies of pitwall.yml or the command line in ${names.join(", ")}`];
}

/** Tools whose environment has the proxies that were given, else its own, each in both spellings. */
export function withProxies(tools: Tools, { httpProxy, httpsProxy, withoutProxy }: ProxyInputs): Tools {
  const given = { http_proxy: httpProxy, https_proxy: httpsProxy, no_proxy: withoutProxy };
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const env = { ...tools.env, ...proxiesInBothSpellings({ ...tools.env, ...named }, Object.keys(given)) };
  return {
    report: tools.report,
    env,
    // Taken only where it is asked for: until then Ctrl-C ends a terminal's process at once.
    get signal() {
      return tools.signal;
    },
  };
}
