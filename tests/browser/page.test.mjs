// The page of `rolecall report -o` in a real browser, over the lake of the demo and with hostile text.
//
// ROLECALL names the program, ROLECALL_PAGE the example `page` of crates/report, CHROMIUM a browser if none is
// on the path.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run } from "./browser.mjs";
import { HOSTILE, material } from "./hostile.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "rolecall-browser-"));
const [lake, demo, hostile] = ["lake", "demo.html", "hostile.html"].map((name) => join(folder, name));
const rolecall = program("ROLECALL", "the program `rolecall`");
const one = (sql) => JSON.parse(run(rolecall, ["--lake", lake, "--format", "json", "sql", sql])).n;
let browser;

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  run(rolecall, ["--lake", lake, "report", "-o", demo]);
  writeFileSync(hostile, run(program("ROLECALL_PAGE", "the example `page` of crates/report"), [], JSON.stringify(material)));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// A test that has a page, which must neither complain nor ask for anything.
const shown = (name, file, options, check) => test(name, async () => {
  const { page, noticed, close } = await open(browser, file(), options);
  await check(page);
  await close();
  assert.deepEqual(noticed, []);
});

shown("findings, chains and lengths are what the lake says", () => demo, {}, async (page) => {
  const count = (selector) => page.locator(selector).count();
  assert.equal(await count(".finding"), one(
    "SELECT count(DISTINCT fingerprint) AS n FROM finding WHERE NOT dry_run AND suppressed IS NULL"));
  const deepest = await page.locator("#grid-walks tbody tr").first().innerText();
  assert.match(deepest, /222222222222 → 333333333333 → 555555555555/);
  const above = one("SELECT count(*) AS n FROM session WHERE granted_seconds = 129600");
  assert.equal(await page.locator("table.lengths .over", { hasText: `${above} above` }).count() > 0, true);
});

shown("tables sort, filter and export", () => demo, {}, async (page) => {
  const table = page.locator("#grid-cross-account-access");
  const column = async (name) => {
    const at = (await table.locator("thead th").allInnerTexts()).findIndex((head) => head.startsWith(name));
    return table.locator(`tbody tr:not([hidden]) td:nth-child(${at + 1})`).allInnerTexts();
  };
  const head = table.locator("th", { hasText: /^sessions/ });
  await head.getByRole("button").click();
  const up = (await column("sessions")).map(Number);
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  await head.getByRole("button").click();
  assert.deepEqual((await column("sessions")).map(Number), [...up].reverse());

  const tools = page.locator(".answer", { has: table }).locator(".tools");
  await tools.getByRole("searchbox").fill("WAREHOUSE");
  assert.deepEqual(await column("role"), ["warehouse-admin"]);
  assert.match(await tools.innerText(), /1 of 6/);
  const [download] = await Promise.all([page.waitForEvent("download"), tools.getByRole("button", { name: /CSV/ }).click()]);
  assert.equal(download.suggestedFilename(), "cross-account-access.csv");
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^from account,from whom,role,/);
  assert.match(lines[1], /^333333333333,own,warehouse-admin,555555555555,1,/);
});

shown("a finding, an account and a key press light a walk on the map", () => demo, {}, async (page) => {
  const lit = () => page.locator(".node.lit .name").allTextContents();
  await page.locator(".finding summary", { hasText: "where it never went before" }).click();
  assert.deepEqual((await lit()).sort(), ["222222222222", "333333333333", "555555555555"]);
  assert.equal(await page.locator(".link.lit").count(), 2);
  await page.getByRole("button", { name: "Show all" }).click();
  assert.deepEqual(await lit(), []);
  await page.locator(".node", { hasText: "666666666666" }).click();
  assert.deepEqual((await lit()).sort(), ["333333333333", "666666666666"]);
  await page.keyboard.press("Escape");
  assert.deepEqual(await lit(), []);

  await page.locator("svg.timeline .mark[tabindex='0']").focus();
  const first = await page.locator("#tip").innerText();
  await page.keyboard.press("ArrowRight");
  await page.locator("#tip").waitFor({ state: "visible" });
  const next = await page.locator("#tip").innerText();
  assert.match(next, /sessions?/);
  assert.notEqual(first, next);
  assert.equal(await page.locator("svg.timeline .mark[tabindex='0']").count(), 1);
});

shown("a wider timeline keeps its labels in sight", () => demo, {}, async (page) => {
  await page.getByRole("button", { name: "8×" }).click();
  const [wide, frame] = await page.evaluate(() => {
    const timeline = document.querySelector("svg.timeline");
    timeline.parentElement.scrollLeft = 3000;
    return [timeline.getBoundingClientRect().width, timeline.parentElement.clientWidth];
  });
  assert.ok(wide > 7 * frame, `${wide} in ${frame}`);
  await page.waitForFunction(() => document.querySelector("svg.timeline text.label").getAttribute("x") > 2000);
});

shown("hostile text stays text", () => hostile, {}, async (page) => {
  assert.equal(await page.evaluate(() => window.taken), undefined);
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator("script").count(), 1);
  const said = HOSTILE.replace("\u202e", "\\u{202e}").replace("\u0000", "\\u{0}");
  assert.equal(await page.locator("#grid-some-report td").innerText(), said);
  assert.equal(await page.locator(".finding .what b").textContent(), said);
  assert.match(await page.locator("svg.timeline .bar").first().getAttribute("aria-label"), /<script>/);
  await page.locator(".node").first().click();
  assert.match(await page.locator("#chosen").innerText(), /<img src=x/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".answer .tools").getByRole("button", { name: /CSV/ }).click(),
  ]);
  assert.match(readFileSync(await download.path(), "utf8"), /"[^]*""window.taken=1""/);
});

for (const scheme of ["light", "dark"]) {
  shown(`axe finds nothing serious in the ${scheme} page`, () => demo, { scheme }, async (page) => {
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => window.axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    assert.deepEqual(told, []);
  });

  shown(`the ${scheme} page fits a phone`, () => demo, { scheme, width: 390 }, async (page) => {
    const [content, window, ground] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth, getComputedStyle(document.body).backgroundColor];
    });
    assert.ok(content <= window, `${content} pixels in a window of ${window}`);
    const light = ground.match(/\d+/g).map(Number).reduce((sum, part) => sum + part) > 384;
    assert.equal(light, scheme === "light", ground);
  });
}

shown("without its script the page says the same", () => demo, { script: false }, async (page) => {
  assert.ok(await page.locator("#grid-walks tbody tr").count() > 3);
  assert.match(await page.locator(".link title").first().textContent(), / sessions? · /);
  assert.equal(await page.locator("button, input").count(), 0);
});

shown("it prints, with findings unfolded and without controls", () => demo, {}, async (page) => {
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".tools:visible, nav:visible").count(), 0);
});
