import type { MiddlewareHandler } from "astro";
import { named } from "../../src/foreign-text/plain.ts";

/**
 * Every page and file of data on its way out. Astro escapes the markup in a text and nothing else; here all texts have become
 * one, those in attributes and titles too, and the data itself, by which runs are told apart, stays as it is.
 */
export const onRequest: MiddlewareHandler = async (_context, next) => {
  const response = await next();
  return new Response(named(await response.text()), response);
};
