// What the pages of `rolecall serve` say, section by section, against SQL over the lake of the demo.
//
// ROLECALL names the program, CHROMIUM a browser if none is on the path.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run, serve } from "./browser.mjs";
import { asking, number, sorted, table } from "./lake.mjs";

const MARA = "arn:aws:iam::222222222222:user/mara.keller";
const READERS = "arn:aws:iam::555555555555:role/data-readers";
const ACCOUNT = "333333333333";
const ADDRESS = "203.0.113.66";
const SESSION = "ASIAYCWNRBDRXQFWBDSR";
const folder = mkdtempSync(join(tmpdir(), "rolecall-served-"));
const lake = join(folder, "lake");
const rolecall = program("ROLECALL", "the program `rolecall`");
const { rows, one } = asking(rolecall, lake);
let browser, demo;

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  demo = await serve(rolecall, lake);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  demo?.end();
  rmSync(folder, { recursive: true, force: true });
});

const SESSIONS = "SELECT created_at, principal, account_id, issued_key, depth, root_principal, calls, failed_calls, session_id FROM session WHERE";
const USED = "sum(calls) AS calls, sum(CASE WHEN error_code IS NULL THEN 0 ELSE calls END) AS failed_calls FROM usage WHERE";
const IN_NETWORK = "source_ip_address LIKE '203.0.113.%'";
const OPENED = "count(*) AS sessions, max(depth) AS max_depth FROM session WHERE issued_by IS NOT NULL AND";

// For each page its tables: what they hold in some columns, told by sessions and uses where they are made of edges and
// footprints. Other tables than these are on no page.
const PAGES = {
  [`principal?id=${encodeURIComponent(MARA)}`]: {
    about: [MARA, "222222222222"],
    "sessions-of-principal": `${SESSIONS} principal = '${MARA}'`,
    "edges-to": `SELECT caller_principal AS from_principal, ${OPENED} principal = '${MARA}' GROUP BY 1`,
    "edges-from": `SELECT principal AS to_principal, ${OPENED} caller_principal = '${MARA}' GROUP BY 1`,
    "edges-begun-by": `SELECT principal AS to_principal, ${OPENED} root_principal = '${MARA}' GROUP BY 1, caller_principal`,
    "footprints-of-principal": `SELECT source_place AS place, source_country AS country, client_of(user_agent) AS client, ${USED} principal = '${MARA}' GROUP BY 1, 2, 3`,
    "keys-of-principal": `SELECT access_key_id, ${USED} principal = '${MARA}' AND access_key_id LIKE 'AKIA%' GROUP BY 1`,
  },
  [`account?id=${ACCOUNT}`]: {
    about: [ACCOUNT, "own"],
    // Edges do not tell the identities apart that an identity pool makes for every device.
    "edges-into-account": `SELECT CASE WHEN caller_principal LIKE 'cognito-identity.amazonaws.com %' THEN 'cognito-identity.amazonaws.com' ELSE caller_principal END AS from_principal, principal AS to_principal, ${OPENED} account_id = '${ACCOUNT}' AND coalesce(caller_account_id, '') <> '${ACCOUNT}' GROUP BY 1, 2`,
    "edges-out-of-account": `SELECT caller_principal AS from_principal, principal AS to_principal, ${OPENED} account_id <> '${ACCOUNT}' AND caller_account_id = '${ACCOUNT}' GROUP BY 1, 2`,
    "principals-of-account": `SELECT principal, ${USED} account_id = '${ACCOUNT}' GROUP BY 1`,
    "sessions-of-account": `${SESSIONS} account_id = '${ACCOUNT}' ORDER BY created_at DESC, session_id LIMIT 100`,
    "keys-of-account": `SELECT access_key_id, principal, ${USED} account_id = '${ACCOUNT}' AND access_key_id LIKE 'AKIA%' GROUP BY 1, 2`,
    "coverage-of-account": `SELECT region, count(*) AS objects, sum(records) AS records, sum(rejected) AS rejected FROM object WHERE account = '${ACCOUNT}' GROUP BY 1`,
  },
  [`edge?from=${encodeURIComponent(MARA)}&to=${encodeURIComponent(READERS)}`]: {
    about: [`${MARA} → ${READERS}`, MARA, READERS],
    "edge-days": `SELECT CAST(CAST(created_at AS DATE) AS VARCHAR) AS date, root_principal, issued_by, ${OPENED} caller_principal = '${MARA}' AND principal = '${READERS}' GROUP BY 1, 2, 3`,
    "sessions-of-edge": `${SESSIONS} caller_principal = '${MARA}' AND principal = '${READERS}'`,
  },
  [`address?id=${ADDRESS}`]: {
    about: [ADDRESS, "203.0.113.0/24"],
    "uses-from-address": `SELECT principal, access_key_id, client_of(user_agent) AS client, ${USED} source_ip_address = '${ADDRESS}' GROUP BY 1, 2, 3`,
    "footprints-of-network": `SELECT principal, CASE WHEN access_key_id LIKE 'AKIA%' THEN access_key_id END AS access_key_id, client_of(user_agent) AS client, ${USED} ${IN_NETWORK} GROUP BY 1, 2, 3`,
    "sessions-from-address": `${SESSIONS} issue_source_ip = '${ADDRESS}'`,
  },
  [`credential?id=${SESSION}`]: {
    about: [SESSION, "role", "GitHubActions", "2026-03-15 02:36:40", "2026-03-15 03:36:40"],
    "uses-by-api": `SELECT event_source, event_name, sum(calls) AS calls FROM usage WHERE access_key_id = '${SESSION}' GROUP BY 1, 2, error_code`,
    "uses-by-network": `SELECT source_ip_address, client_of(user_agent) AS client, ${USED} access_key_id = '${SESSION}' GROUP BY 1, 2`,
    "uses-by-account": `SELECT recipient_account_id, aws_region, ${USED} access_key_id = '${SESSION}' GROUP BY 1, 2`,
  },
};

// Whose findings a page shows: those that name what it is about.
const FINDINGS = {
  principal: `root = '${MARA}' OR subject = '${MARA}' OR strpos(' > ' || path || ' > ', ' > ${MARA} > ') > 0 OR strpos(evidence, '"${MARA}"') > 0`,
  account: `strpos(accounts, '${ACCOUNT}') > 0 OR strpos(evidence, '"${ACCOUNT}"') > 0`,
  edge: `strpos(path, '${MARA} > ${READERS}') > 0`,
  address: `strpos(networks, '203.0.113.0/24') > 0 OR strpos(evidence, '"${ADDRESS}"') > 0`,
  credential: "strpos(event_ids, 'a0953193-e646-35fa-ae48-45aa3fb481d7') > 0",
};

// A value as pages write it.
const written = (value) => {
  if (value === null) return "";
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? value.replace("T", " ").replace("Z", "") : `${value}`;
};

for (const [path, { about, ...tables }] of Object.entries(PAGES)) {
  const name = path.split("?")[0];
  test(`each section of the page ${name} says what SQL says`, async () => {
    const { page, noticed, close } = await open(browser, demo.url + path);
    assert.equal(await page.locator("h1").innerText(), about[0]);
    const facts = await page.locator(".first .facts dd").allInnerTexts();
    for (const fact of about.slice(1)) assert.ok(facts.includes(fact), `${fact} of ${facts}`);

    const told = rows(`SELECT title, severity FROM (SELECT DISTINCT fingerprint, title, severity FROM finding
      WHERE NOT dry_run AND suppressed IS NULL AND (${FINDINGS[name]})) AS told`);
    const shown = await page.locator(".finding summary").evaluateAll((all) => all.map((one) =>
      ({ title: one.querySelector("b").textContent, severity: one.querySelector(".severity").textContent })));
    assert.deepEqual(sorted(shown), sorted(told));
    assert.ok(told.length > 0, "a finding is met");

    const drawn = await page.locator("table.grid").evaluateAll((all) => all.map((one) => one.dataset.name));
    assert.deepEqual(drawn.sort(), Object.keys(tables).sort());
    for (const [grid, sql] of Object.entries(tables)) {
      const expected = rows(sql);
      assert.ok(expected.length > 0, grid);
      const columns = Object.keys(expected[0]);
      const own = (row) => columns.map((column) => {
        const said = row[column.replaceAll("_", " ")] ?? "";
        return /^\d[\d,]*$/.test(said) ? `${number(said)}` : said;
      });
      assert.deepEqual(sorted((await table(page, grid)).map(own)), sorted(expected.map((row) => columns.map((column) => written(row[column])))), grid);
    }
    await close();
    assert.deepEqual(noticed, []);
  });
}

test("the line of a session leads from its root to it, and its hours hold its calls", async () => {
  const { page, close } = await open(browser, `${demo.url}credential?id=${SESSION}`);
  const [session] = rows(`SELECT * FROM session WHERE issued_key = '${SESSION}'`);
  const line = await page.locator(".line li .who a").evaluateAll((all) => all.map((one) => one.title));
  assert.deepEqual(line, session.path.split(" > "));
  assert.ok(line.length > 3);
  assert.match(await page.locator(".line li.own").innerText(), /this one/);
  const keys = await page.locator(".line li code").allInnerTexts();
  const above = one(`SELECT issued_key FROM session WHERE session_id = '${session.parent_session_id}'`);
  assert.deepEqual(keys.slice(-2), [above, SESSION]);
  const calls = await page.locator(".uses .mark").evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("aria-label").match(/(\d+) calls?/)[1])));
  assert.equal(calls.reduce((sum, each) => sum + each, 0), one(`SELECT sum(calls) FROM usage WHERE access_key_id = '${SESSION}'`));
  await close();
});

test("an edge leads to its page, from the pages of both of its ends", async () => {
  for (const from of [`principal?id=${encodeURIComponent(MARA)}`, `principal?id=${encodeURIComponent(READERS)}`]) {
    const { page, close } = await open(browser, demo.url + from);
    await page.locator("a", { hasText: /^mara\.keller → data-readers$/ }).first().click();
    await page.waitForURL(/\/edge\?/);
    assert.equal(await page.locator("h1").innerText(), `${MARA} → ${READERS}`);
    await close();
  }
});
