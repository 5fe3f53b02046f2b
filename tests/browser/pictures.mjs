// Takes the pictures of the tour, into docs/img: `ROLECALL=… node pictures.mjs`; `./dev pictures` builds what it needs.
//
// The demo is the same everywhere, so the pictures change only with the pages. Nobody compares them: look at them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, open, program, run, serve } from "./browser.mjs";

const rolecall = program("ROLECALL", "the program `rolecall`");
const pictures = fileURLToPath(new URL("../../docs/img", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rolecall-pictures-"));
const lake = join(folder, "rolecall-lake");
const report = join(folder, "report.html");

// A page from its top, or one section of it.
const take = async (browser, name, address, section) => {
  const { page, close } = await open(browser, address, { width: 1100 });
  const path = join(pictures, `${name}.png`);
  await (section ? page.locator(section).screenshot({ path }) : page.screenshot({ path }));
  await close();
};

run(rolecall, ["demo", "--keep", lake, "--quiet"]);
run(rolecall, ["--lake", lake, "report", "-o", report, "--quiet"]);
const browser = await launch();
const served = await serve(rolecall, lake);
try {
  await take(browser, "report", report);
  await take(browser, "map", report, "#map");
  const entered = "select issued_key from session where account_id = '555555555555' and depth = 2";
  const key = run(rolecall, ["--lake", lake, "sql", "--format", "csv", entered]).split(/\s+/)[1];
  await take(browser, "lineage", `${served.url}credential?id=${key}`, "#lineage");
} finally {
  served.end();
  await browser.close();
  rmSync(folder, { recursive: true });
}
