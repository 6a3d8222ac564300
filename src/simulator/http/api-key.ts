import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ApiError } from "../request/api-error.ts";

class Unauthorized extends ApiError {
  override body(): string {
    return JSON.stringify({ error: this.message });
  }
}

export const UNAUTHORIZED = new Unauthorized(401, "Unauthorized", "Unauthorized");

/** Whether a request shows the key where one is needed, which is below /v1 alone. */
export function isAuthorized({ url = "", headers }: IncomingMessage, apiKey: string | null): boolean {
  if (apiKey === null || !url.startsWith("/v1")) return true;
  const [scheme = "", ...rest] = (headers.authorization ?? "").split(" ");
  return scheme.toLowerCase() === "bearer" && timingSafeEqual(digest(rest.join(" ")), digest(apiKey));
}

const digest = (text: string) => createHash("sha256").update(text).digest();
