// Finds a browser and the programs that make pages, and opens pages while it watches what they do.
import { spawn, spawnSync } from "node:child_process";
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

// Serves a lake on a free port, until `end` is called.
export const serve = async (rolecall, lake) => {
  const child = spawn(rolecall, ["--lake", lake, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`rolecall serve ended with ${code}`)));
    child.stdout.once("data", (said) => done(said.toString().trim()));
  });
  return { url, end: () => child.kill("SIGINT") };
};

// Opens a page of a file or of a server; `noticed` fills with errors, dialogs and requests for anything but that file
// or server.
export const open = async (browser, what, { width = 1280, scheme = "light", script = true } = {}) => {
  const context = await browser.newContext({
    viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: script, reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const noticed = [];
  page.on("console", (message) => noticed.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noticed.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { noticed.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  const isServed = what.startsWith("http:");
  const address = isServed ? what : `file://${what}`;
  const isOwn = (url) => url.startsWith("blob:") || (isServed ? new URL(url).origin === new URL(address).origin : url === address);
  page.on("request", (request) => {
    if (!isOwn(request.url())) noticed.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, noticed, close: () => context.close() };
};
