// @ts-check
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "astro/config";

const here = fileURLToPath(new URL(".", import.meta.url));
const { PITWALL_SITE = resolve(here, "../.pitwall/site"), PITWALL_BASE = "/" } = process.env;

export default defineConfig({
  base: PITWALL_BASE,
  trailingSlash: "always",
  // Whitespace as in HTML, which is what the formatter keeps.
  compressHTML: true,
  srcDir: resolve(here, "src"),
  publicDir: resolve(here, "public"),
  outDir: resolve(PITWALL_SITE),
  devToolbar: { enabled: false },
  // Pages allow no script or style that stands in them: whatever a text of a document became, it would not run.
  build: { inlineStylesheets: "never" },
  vite: { build: { assetsInlineLimit: 0 } },
});
