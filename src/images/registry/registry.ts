import { z } from "zod";
import { messageOf, UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { readBody } from "../../limited-body.ts";
import { nextPage, tokenQuestion } from "./challenge.ts";
import type { RegistryPlace } from "./place.ts";

const ANSWER_WITHIN_MS = 30_000;
const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;
/** Tags of a page, as many as registries give at once; and pages, so that a registry that goes on for ever does not. */
const PAGE = 1000;
const MOST_PAGES = 1000;
/** Every form of a manifest, or the registry would convert it, or not find it. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const Tags = z.object({ tags: z.array(z.string()).nullable() });
const Token = z
  .object({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token);

/** Nobody answers there, and so will not for the next question. */
export class NoAnswer extends UserError {}

/** A registry asked by version 2 of its HTTP interface, without an account: distribution/spec. */
export class Registry {
  readonly #place: RegistryPlace;
  readonly #signal: AbortSignal;
  #token: string | undefined;

  constructor(place: RegistryPlace, signal: AbortSignal) {
    this.#place = place;
    this.#signal = signal;
  }

  /**
   * All tags of the repository, page by page; none where there is no such repository.
   * @throws UserError when the registry does not answer, refuses, or never ends
   */
  async tags(): Promise<string[]> {
    const root = this.#url("");
    const tags: string[] = [];
    let page: string | undefined = `tags/list?n=${PAGE}`;
    for (let count = 0; page !== undefined; count += 1) {
      if (count === MOST_PAGES) throw new UserError(`${this.#place.host} lists more than ${MOST_PAGES} pages of tags`);
      const url: URL = new URL(page, root);
      if (url.host !== root.host) throw new UserError(`${root.host} goes on at ${url.host}, which nobody asked for`);
      const response = await this.#ask(url, "GET");
      if (response.status === 404) return [];
      const text = await this.#text(response);
      if (!response.ok) throw this.#refused(response);
      for (const tag of parseJson(text, Tags, `the answer of ${root.host}`).tags ?? []) tags.push(tag);
      page = nextPage(response.headers.get("link"));
    }
    return tags;
  }

  /** Whether there is an image of this tag. @throws UserError when the registry does not answer, or refuses */
  async has(tag: string): Promise<boolean> {
    const response = await this.#ask(this.#url(`manifests/${encodeURIComponent(tag)}`), "HEAD");
    if (response.status === 404) return false;
    if (response.ok) return true;
    throw this.#refused(response);
  }

  #url(rest: string): URL {
    const { scheme, host, name } = this.#place;
    return new URL(`${scheme}://${host}/v2/${name}/${rest}`);
  }

  async #ask(url: URL, method: "GET" | "HEAD"): Promise<Response> {
    const first = await this.#fetch(url, method);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    const question = tokenQuestion(first.headers.get("www-authenticate"));
    if (question === undefined) return first;
    for (const name of ["service", "scope"] as const)
      if (question[name] !== undefined) question.realm.searchParams.set(name, question[name]);
    this.#token = undefined;
    const answer = await this.#fetch(question.realm, "GET");
    const text = await this.#text(answer);
    if (!answer.ok) throw this.#refused(answer);
    this.#token = parseJson(text, Token, `the answer of ${question.realm.host}`);
    return await this.#fetch(url, method);
  }

  async #fetch(url: URL, method: "GET" | "HEAD"): Promise<Response> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const headers = { accept: method === "HEAD" ? MANIFESTS : "application/json", ...this.#authorization() };
    return await fetch(url, { method, headers, signal, redirect: "follow" }).catch((cause) => {
      this.#signal.throwIfAborted();
      throw new NoAnswer(`${url.host} does not answer: ${messageOf(cause.cause ?? cause)}`, { cause });
    });
  }

  #authorization(): Record<string, string> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  async #text(response: Response): Promise<string> {
    return await readBody(response.body ?? new ReadableStream(), LARGEST_ANSWER_BYTES).catch((cause) => {
      this.#signal.throwIfAborted();
      throw new UserError(`${this.#place.host}: ${messageOf(cause)}`, { cause });
    });
  }

  #refused({ status }: Response): UserError {
    const { host, name } = this.#place;
    const why = status === 401 || status === 403 ? "it wants an account for that" : `with status ${status}`;
    return new UserError(`${host} refuses to say which images ${name} has: ${why}`);
  }
}
