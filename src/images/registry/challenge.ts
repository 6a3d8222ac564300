/** What a registry wants before it answers: a token from this address. */
export interface TokenQuestion {
  realm: URL;
  service: string | undefined;
  scope: string | undefined;
}

const PARAMETER = /([a-z]{1,20})="([^"]{0,2000})"/gi;

/**
 * A `WWW-Authenticate` header as the registry's token protocol has it (distribution/spec, auth/token): undefined for another
 * way to log in, or an address that is none.
 */
export function tokenQuestion(header: string | null): TokenQuestion | undefined {
  if (header === null || !/^bearer /i.test(header)) return undefined;
  const values = new Map([...header.matchAll(PARAMETER)].map(([, name, value]) => [name!.toLowerCase(), value!]));
  const realm = values.get("realm");
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (!["http:", "https:"].includes(url.protocol)) return undefined;
  return { realm: url, service: values.get("service"), scope: values.get("scope") };
}

/** Where a list goes on: `Link: </v2/x/tags/list?last=b&n=2>; rel="next"`. */
export function nextPage(header: string | null): string | undefined {
  return /<([^>\s]{1,2000})>\s{0,5};\s{0,5}rel="?next"?/i.exec(header ?? "")?.[1];
}
