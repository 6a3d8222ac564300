/** Where requests go. Connections are direct: a proxy would be measured with the engine. */
export interface Target {
  host: string;
  port: number;
  secure: boolean;
}

export function targetOf(url: URL): Target {
  const secure = url.protocol === "https:";
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (secure ? 443 : 80), secure };
}
