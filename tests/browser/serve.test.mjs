// The pages of `rolecall serve` in a real browser, over the lake of the demo and over one with hostile names.
//
// ROLECALL names the program, CHROMIUM a browser if none is on the path.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run, serve } from "./browser.mjs";
import { HOSTILE, record } from "./hostile.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const LEAKED = "AKIATHPL2AOHGP7SJTEY";
const MARA = "arn:aws:iam::222222222222:user/mara.keller";
const READERS = "arn:aws:iam::555555555555:role/data-readers";
// A session at the end of the longest chain.
const SESSION = "ASIAYCWNRBDRXQFWBDSR";
const folder = mkdtempSync(join(tmpdir(), "rolecall-serve-"));
const [lake, bad, logs] = ["lake", "bad", "hostile.json"].map((name) => join(folder, name));
const rolecall = program("ROLECALL", "the program `rolecall`");
const one = (sql) => JSON.parse(run(rolecall, ["--lake", lake, "--format", "json", "sql", sql])).n;
let browser, demo, hostile;

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  writeFileSync(logs, JSON.stringify({ Records: [record] }));
  run(rolecall, ["--lake", bad, "run", logs]);
  [demo, hostile] = await Promise.all([serve(rolecall, lake), serve(rolecall, bad)]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  demo?.end();
  hostile?.end();
  rmSync(folder, { recursive: true, force: true });
});

// A test that has a page, which must neither complain nor ask anybody else for anything.
const shown = (name, address, options, check) => test(name, async () => {
  const { page, noticed, close } = await open(browser, address(), options);
  await check(page);
  await close();
  assert.deepEqual(noticed, []);
});
const at = (path) => () => demo.url + path;
const PAGES = {
  overview: "", credential: `credential?id=${LEAKED}`, session: `credential?id=${SESSION}`,
  principal: `principal?id=${encodeURIComponent(MARA)}`, account: "account?id=333333333333",
  edge: `edge?from=${encodeURIComponent(MARA)}&to=${encodeURIComponent(READERS)}`, address: "address?id=203.0.113.66", search: "search?q=nightly",
  sql: "sql?q=select+created_at,principal,session_name,account_id,calls,root_principal+from+session", saved: "sql?saved=cross-account-access",
};

shown("search finds a key and its tree", at(""), {}, async (page) => {
  await page.getByRole("searchbox", { name: "Search" }).fill(LEAKED);
  await page.keyboard.press("Enter");
  await page.waitForURL(/credential\?id=AKIA/);
  assert.equal(await page.locator("h1").innerText(), LEAKED);
  const below = one(`SELECT count(*) AS n FROM session WHERE root_credential = '${LEAKED}'`);
  assert.equal(await page.locator(".line li").count(), below + 1);
  assert.match(await page.locator(".line li.own").innerText(), /mara\.keller/);
  assert.ok(await page.locator(".finding").count() > 0);
  assert.ok(await page.locator(".uses .mark").count() > 0);
  const calls = one(`SELECT sum(calls) AS n FROM usage WHERE access_key_id = '${LEAKED}'`);
  const told = await page.locator("#grid-uses-by-api tbody td:nth-last-child(3)").allInnerTexts();
  assert.equal(told.map(Number).reduce((sum, each) => sum + each), calls);
  // From the key to a session, and from there back up.
  await page.locator(".line li:nth-child(2) code").click();
  await page.waitForURL((url) => !url.search.includes(LEAKED));
  assert.match(await page.locator(".line li.own").innerText(), /this one/);
  assert.match(await page.locator(".line li").first().innerText(), /mara\.keller/);
});

shown("tables sort, filter and export", at(PAGES.sql), {}, async (page) => {
  const table = page.locator("#grid-answer");
  const calls = async () => {
    const at = (await table.locator("thead th").allInnerTexts()).findIndex((head) => /^calls/.test(head));
    return (await table.locator(`tbody tr:not([hidden]) td:nth-child(${at + 1})`).allInnerTexts()).map((said) => Number(said.replace(/,/g, "")));
  };
  await table.locator("th", { hasText: /^calls/ }).getByRole("button").click();
  const up = await calls();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  const tools = page.locator(".table .tools");
  await tools.getByRole("searchbox").fill("mara.keller");
  const left = (await calls()).length;
  assert.ok(left > 0 && left < up.length, `${left} of ${up.length}`);
  const save = async (click) => {
    const [download] = await Promise.all([page.waitForEvent("download"), click()]);
    return [download.suggestedFilename(), readFileSync(await download.path(), "utf8").trimEnd().split("\r\n")];
  };
  const [name, lines] = await save(() => tools.getByRole("button", { name: /CSV/ }).click());
  assert.equal(name, "answer.csv");
  assert.equal(lines.length, left + 1);
  const [whole, all] = await save(() => page.getByRole("link", { name: "Download CSV" }).click());
  assert.equal(whole, "rolecall.csv");
  assert.equal(all.length, up.length + 1);
});

shown("SQL is written, answered and refused", at("sql"), {}, async (page) => {
  await page.getByRole("textbox", { name: /One SELECT/ }).fill("select root_principal, count(*) as n from session group by 1 order by 2 desc");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.locator("#grid-answer").waitFor();
  await page.locator("#grid-answer tbody a").first().click();
  await page.waitForURL(/principal\?id=/);
  await page.goBack();
  await page.getByRole("link", { name: /account/i }).filter({ hasText: "?" }).first().click();
  assert.match(await page.locator(".kind").innerText(), /saved query/i);
});

test("a refusal is a page that says what helps", async () => {
  const { page, close } = await open(browser, `${demo.url}sql?q=${encodeURIComponent("select * from sesion")}`);
  assert.match(await page.locator(".refused").innerText(), /did you mean `session`/);
  await close();
  const unknown = await open(browser, `${demo.url}credential?id=ASIAQAAAAAAAAAAAAAAA`);
  assert.match(await unknown.page.locator("main").innerText(), /Looked at the keys and ids of \d+ sessions/);
  await unknown.close();
});

test("hostile names stay text", async () => {
  const key = record.responseElements.credentials.accessKeyId;
  const paths = [`credential?id=${key}`, `search?q=${encodeURIComponent(HOSTILE)}`, "account?id=111111111111",
    `sql?q=${encodeURIComponent("select * from session")}`, ""];
  for (const path of paths) {
    const { page, noticed, close } = await open(browser, hostile.url + path);
    assert.equal(await page.evaluate(() => window.taken), undefined, path);
    assert.equal(await page.locator("img").count(), 0, path);
    assert.equal(await page.locator("script").count(), 1, path);
    if (path !== "") assert.match(await page.locator("main").innerText(), /<script>window\.taken=1<\/script>/, path);
    assert.deepEqual(noticed, [], path);
    await close();
  }
});

for (const scheme of ["light", "dark"]) {
  for (const [name, path] of Object.entries(PAGES)) {
    shown(`axe finds nothing serious in the ${scheme} page ${name}, and it fits a phone`, at(path), { scheme }, async (page) => {
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      // The server's policy keeps out what is added to the page; the driver's own world is not under it.
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run());
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`), []);
      await page.setViewportSize({ width: 390, height: 844 });
      const [content, window, ground] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth, getComputedStyle(document.body).backgroundColor];
      });
      assert.ok(content <= window, `${content} pixels in a window of ${window}`);
      const light = ground.match(/\d+/g).map(Number).reduce((sum, part) => sum + part) > 384;
      assert.equal(light, scheme === "light", ground);
    });
  }
}

shown("without its script a page says the same", at(PAGES.credential), { script: false }, async (page) => {
  assert.ok(await page.locator("#grid-uses-by-api tbody tr").count() > 1);
  assert.equal(await page.locator(".tools").count(), 0);
  await page.getByRole("searchbox").fill("222222222222");
  await page.keyboard.press("Enter");
  await page.waitForURL(/account\?id=222222222222/);
});
