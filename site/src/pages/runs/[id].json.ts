import type { APIRoute } from "astro";
import { plainJson } from "../../../../src/foreign-text/plain.ts";
import { documents } from "../../database.ts";

export function getStaticPaths() {
  return documents.map((run) => ({ params: { id: run.id }, props: { run } }));
}

/** The run document, for scripts and for those who want every digit. */
export const GET: APIRoute = ({ props }) => new Response(`${plainJson(props.run)}\n`);
