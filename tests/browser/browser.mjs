// Finds a browser and the programs that make pages, and opens pages while it watches what they do.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const onPath = (name) =>
  (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)).find(existsSync);

const executable = process.env.CHROMIUM || ["chromium", "chromium-browser", "google-chrome"].map(onPath).find(Boolean);
if (!executable) {
  throw new Error("there is no browser: install Debian's package `chromium`, or name one with CHROMIUM=/path/to/chromium");
}

export const program = (variable, what) => {
  const path = process.env[variable];
  if (!path || !existsSync(path)) throw new Error(`${variable} does not name ${what}: build it, and set ${variable}`);
  return path;
};

export const run = (command, args, input) => {
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return done.stdout;
};

export const launch = () =>
  chromium.launch({
    executablePath: executable,
    // The last ones keep the browser itself from asking the network for updates and the like.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });

// Opens a page of a file; `noticed` fills with errors, dialogs and requests for anything but that file.
export const open = async (browser, file, { width = 1280, scheme = "light", script = true } = {}) => {
  const context = await browser.newContext({
    viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: script, reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const noticed = [];
  page.on("console", (message) => noticed.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noticed.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { noticed.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  const address = `file://${file}`;
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("blob:")) noticed.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, noticed, close: () => context.close() };
};
