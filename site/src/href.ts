// Not import.meta.env.BASE_URL: an environment variable of that name, common in CI, would take its place.
const base = (process.env.PITWALL_BASE ?? "/").replace(/\/?$/, "/");

/** Address of a page or file of this site under whatever base path it was built for: `href("runs/")`. */
export function href(path = ""): string {
  return base + path;
}

export const runHref = (id: string) => href(`runs/${id}/`);
