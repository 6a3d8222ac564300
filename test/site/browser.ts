import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, chromium as launcher, type Page } from "playwright-core";

/** A headless browser out of node_modules; nothing has to be installed on the machine. */
export async function launchBrowser(): Promise<Browser> {
  // Charts are drawn in two dimensions: a simulated graphics card would only take time.
  chromium.setGraphicsMode = false;
  // In a single process, closing one page would end the browser.
  const args = chromium.args.filter((arg) => arg !== "--single-process");
  return launcher.launch({ executablePath: await chromium.executablePath(), args: [...args, "--no-sandbox"] });
}

export interface Visit extends AsyncDisposable {
  page: Page;
  /** What must not happen on a page: errors on its console, answers that are none, requests to anywhere else. */
  complaints: string[];
}

/** Opens an address in a fresh context, and listens. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith("data:") && new URL(address).origin !== origin) complaints.push(`request to ${address}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}
