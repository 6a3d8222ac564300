import { UsageError } from "../../errors.ts";
import { plainLine } from "../../foreign-text/plain.ts";

/** Where a Pushgateway is, and what opens it. */
export interface GatewayAddress {
  /** Without a slash at its end, user and password. */
  base: string;
  authorization?: string;
}

interface Credentials {
  user?: string | undefined;
  password?: string | undefined;
}

/**
 * @param given may hold user and password, which nothing of ours shows; those given apart go before them
 * @throws UsageError for what is no address of a Pushgateway; its message has no password in it
 */
export function parseGateway(given: string, { user, password }: Credentials): GatewayAddress {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(
      `${withoutSecrets(given)} is not the address of a Pushgateway, as in http://pushgateway.example.com:9091`,
    );
  }
  const base = `${url.origin}${url.pathname.replace(/\/$/, "")}`;
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(`nothing may follow the path of a Pushgateway's address: give ${base}`);
  }
  const name = user ?? decoded(url.username);
  const word = password ?? decoded(url.password);
  if (name === "" && word === "") return { base };
  return { base, authorization: `Basic ${Buffer.from(`${name}:${word}`).toString("base64")}` };
}

/** What stands before an @ may be a password; only the name of the host is sure to be none. */
function withoutSecrets(given: string): string {
  return `“${plainLine(given.slice(given.lastIndexOf("@") + 1)).split(/[?#]/, 1)[0]}”`;
}

/** A password may hold a percent sign that nobody escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
