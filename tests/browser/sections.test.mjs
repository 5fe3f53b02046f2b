// The sections of `rolecall report -o` about keys, coverage and the span against SQL, over the lake of the demo with a
// record that could not be read.
//
// ROLECALL names the program, CHROMIUM a browser if none is on the path.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run } from "./browser.mjs";
import { record } from "./hostile.mjs";
import { asking, axisOf, CEILING, ENTERED, LASTED, number, seconds, SLACK, sorted, spanOf, table } from "./lake.mjs";

const folder = mkdtempSync(join(tmpdir(), "rolecall-sections-"));
const [lake, logs] = ["lake", "logs.json"].map((name) => join(folder, name));
const rolecall = program("ROLECALL", "the program `rolecall`");
const { rows, one } = asking(rolecall, lake);
let browser;

// The whole lake, and a part of it that begins and ends within a day.
const SPANS = { "the whole lake": [], "a part of it": ["--from", "2026-03-09T06:30:00Z", "--until", "2026-03-16T11:00:00Z"] };
const file = (name) => join(folder, `${name.replaceAll(" ", "-")}.html`);

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  // A call without a key, beside a record that cannot be read.
  const call = { ...record, eventTime: "2026-03-10T05:10:00Z", userIdentity: { type: "AWSService", invokedBy: "ec2.amazonaws.com" } };
  writeFileSync(logs, JSON.stringify({ Records: [{ ...call, eventName: "GetCallerIdentity", userAgent: "ec2.amazonaws.com",
    requestParameters: null, responseElements: null }, { eventVersion: "1.11" }] }));
  run(rolecall, ["--lake", lake, "ingest", logs]);
  for (const [name, span] of Object.entries(SPANS)) run(rolecall, ["--lake", lake, "report", "-o", file(name), ...span]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (what, check) => Object.keys(SPANS).forEach((name) => test(`over ${name}, ${what}`, async () => {
  const { page, noticed, close } = await open(browser, file(name));
  await check(page, await spanOf(page), name);
  await close();
  assert.deepEqual(noticed, []);
}));

const within = (column, [from, until]) => `date_part('epoch', ${column}) >= ${from} AND date_part('epoch', ${column}) < ${until}`;

// The pictures that have a row of fields for each place or account.
const rowsOf = (page, picture) => page.evaluate((selector) => [...document.querySelectorAll(selector)].map((drawn) => ({
  head: drawn.closest("figure").querySelector("figcaption").textContent,
  width: drawn.width.baseVal.value,
  ticks: [...drawn.querySelectorAll(".ticks text")].map((text) => ({ x: text.x.baseVal[0].value, label: text.textContent })),
  rows: [...drawn.querySelectorAll(".place")].map((row) => ({
    label: row.querySelector(".label").firstChild.textContent.trim(), more: row.querySelector(".label tspan")?.textContent ?? "",
    fields: [...row.querySelectorAll(".spot")].map((spot) => {
      const rect = spot.querySelector("rect");
      return { x: rect.x.baseVal.value, classes: [...spot.classList], tip: spot.getAttribute("aria-label"), mark: spot.querySelector("text")?.textContent };
    }),
  })),
})), picture);
const level = ({ classes }) => Number(classes.find((word) => /^l\d$/.test(word))[1]);

shown("keys are drawn from each place at their time", async (page, span) => {
  const hours = rows(`
    SELECT access_key_id, principal, coalesce(source_place, source_ip_address, 'unknown') AS place, source_operator, source_country,
      date_part('epoch', hour) AS hour, calls, CASE WHEN error_code IS NULL THEN 0 ELSE calls END AS failed
    FROM usage WHERE access_key_id IS NOT NULL AND ${within("hour", [Math.floor(span[0] / 3600) * 3600, span[1]])}`);
  const evidence = rows(`SELECT evidence FROM finding WHERE NOT dry_run AND suppressed IS NULL AND ${within("first_at", span)}`)
    .map((finding) => finding.evidence).join("\n");
  const isNamed = (id) => evidence.includes(id);
  const ids = [...new Set(hours.map((hour) => hour.access_key_id))].filter((id) => id.startsWith("AKIA") || isNamed(id));
  const of = (id, place) => hours.filter((hour) => hour.access_key_id === id && (place === undefined || hour.place === place));
  const sum = (list, what) => list.reduce((all, each) => all + each[what], 0);
  const first = (list) => Math.min(...list.map((each) => each.hour));
  const placesOf = (id) => [...new Set(of(id).map(({ place }) => place))];
  const named = (place) => {
    const all = hours.filter((hour) => hour.place === place);
    return [place, all.find((hour) => hour.source_operator)?.source_operator, all.find((hour) => hour.source_country)?.source_country]
      .filter(Boolean).join(" · ");
  };
  const drawn = await rowsOf(page, "#keys svg");
  const shownIds = drawn.map(({ head }) => head.split(" ")[0]);
  assert.deepEqual([...shownIds].sort(), ids.sort());
  assert.ok(ids.some(isNamed) && ids.some((id) => !isNamed(id)), "both keys that findings name, and others");
  // Those that findings name are first, then those used from the most places.
  const order = shownIds.map((id) => [isNamed(id) ? 1 : 0, isNamed(id) ? 0 : placesOf(id).length]);
  assert.deepEqual(order, [...order].sort((a, b) => b[0] - a[0] || b[1] - a[1]));

  // A place is new if the key was used before the last week, and not from there.
  const since = span[1] - 7 * 86400;
  const history = one("SELECT date_part('epoch', min(first_event_at)) FROM object");
  const isNew = (id, place) => history + 7 * 86400 <= since && first(of(id)) < since && first(of(id, place)) >= since;
  const part = (span[1] - span[0]) / Math.min(96, Math.floor((span[1] - span[0]) / 3600));
  for (const [at, id] of shownIds.entries()) {
    const { head, rows: places, ticks } = drawn[at];
    const count = (many, word) => `${many} ${word}${many === 1 ? "" : "s"}`;
    assert.equal(head.trim(), `${id} ${of(id)[0].principal} ${count(sum(of(id), "calls"), "call")} from ${count(placesOf(id).length, "place")}, ${sum(of(id), "failed")} failed`);
    assert.deepEqual(places.map(({ label, more }) => [label, more === "new place"]).sort(),
      placesOf(id).map((place) => [named(place), isNew(id, place)]).sort());
    const axis = axisOf(ticks, 2026);
    const levels = [];
    for (const { label, fields } of places) {
      const own = of(id, placesOf(id).find((place) => named(place) === label));
      let [calls, failed] = [0, 0];
      for (const field of fields) {
        const [, when, many, failing] = field.tip.match(/ · (\d{4}-\d\d-\d\d \d\d:\d\d) and \S+ \S+ on · (\d+) calls?, (\d+) failed$/);
        assert.ok(Math.abs(axis.at(field.x) - seconds(when)) <= axis.pixel, field.tip);
        const holds = (slack, what) => sum(own.filter(({ hour }) =>
          Math.max(hour, span[0]) >= seconds(when) - slack && Math.max(hour, span[0]) < seconds(when) + part + slack), what);
        assert.ok(holds(-60, "calls") <= Number(many) && Number(many) <= holds(60, "calls"), field.tip);
        assert.ok(holds(-60, "failed") <= Number(failing) && Number(failing) <= holds(60, "failed"), field.tip);
        assert.equal(field.mark === "×", failing * 2 > many, field.tip);
        levels.push([Number(many), level(field)]);
        [calls, failed] = [calls + Number(many), failed + Number(failing)];
      }
      assert.deepEqual([calls, failed], [sum(own, "calls"), sum(own, "failed")], label);
    }
    // The darker, the more calls.
    levels.sort((a, b) => a[0] - b[0]);
    assert.equal(levels.at(-1)[1], 4);
    levels.slice(1).forEach(([calls, dark], which) => assert.ok(dark >= levels[which][1], `${calls} calls are ${dark}`));
  }
});

shown("coverage is what was read", async (page, span) => {
  const [{ rows: accounts, ticks, width }] = await rowsOf(page, "#coverage svg");
  const day = (at) => Math.floor(at / 86400) * 86400;
  const told = "coalesce(delivered_at, first_event_at)";
  const hours = rows(`
    SELECT coalesce(account, 'unnamed') AS account, date_part('epoch', date_trunc('hour', ${told})) AS hour, sum(records) AS records,
      sum(rejected) AS rejected
    FROM object WHERE outcome = 'read' AND ${within(told, span)} GROUP BY 1, 2`);
  const possible = (from, until) => Math.ceil((Math.min(until, span[1]) - Math.floor(Math.max(from, span[0]) / 3600) * 3600) / 3600);
  const expected = [...new Set(hours.map(({ account }) => account))].map((account) => {
    const own = hours.filter((hour) => hour.account === account);
    const days = [];
    for (let begin = day(span[0]); begin < span[1]; begin += 86400) {
      const there = own.filter(({ hour }) => day(hour) === begin);
      const [records, rejected] = ["records", "rejected"].map((what) => there.reduce((all, each) => all + each[what], 0));
      const name = new Date(begin * 1000).toISOString().slice(5, 10);
      const marks = rejected > 0 ? `, ${rejected} rejected` : "";
      const share = there.length / possible(begin, begin + 86400);
      days.push([`${account} · ${name} · ${there.length} of ${possible(begin, begin + 86400)} h · ${records} record${records === 1 ? "" : "s"}${marks}`,
        share === 0 ? 0 : share === 1 ? 4 : Math.max(1, Math.floor(share * 4)), rejected > 0 ? "!" : undefined]);
    }
    return [account, `${own.length} of ${possible(...span)} h`, days];
  });
  assert.deepEqual(sorted(accounts.map(({ label, more, fields }) =>
    [label, more, fields.map((field) => [field.tip, level(field), field.mark])])), sorted(expected));
  assert.ok(accounts.some(({ fields }) => fields.some(({ mark }) => mark === "!")));
  // Fields stand in a row, a day each, at their day.
  const { at, pixel } = axisOf(ticks, 2026);
  accounts.forEach(({ fields }) => fields.forEach(({ x }, which) => {
    assert.ok(Math.abs(at(x) - day(span[0]) - which * 86400) <= pixel, `${which}: ${at(x)}`);
  }));
  assert.ok(Math.abs(at(width) - day(span[1]) - 86400) <= pixel);
  // The fewest hours come first.
  const covered = accounts.map(({ more }) => number(more.split(" ")[0]));
  assert.deepEqual(covered, [...covered].sort((a, b) => a - b));

  const minute = (instant) => (instant === null ? "" : instant.replace("T", " ").slice(0, 16));
  const regions = rows(`
    SELECT coalesce(account, 'unnamed') AS account, coalesce(region, '-') AS region, count(*) AS objects, sum(records) AS records, sum(kept) AS kept,
      sum(passed_over) AS "passed over", sum(rejected) AS rejected, min(first_event_at) AS "first event", max(last_event_at) AS "last event"
    FROM object WHERE outcome IN ('read', 'refused') AND ${within(told, span)} GROUP BY 1, 2`)
    .map((region) => Object.fromEntries(Object.entries(region).map(([name, value]) =>
      [name, name.endsWith(" event") ? minute(value) : String(value)])));
  const written = await table(page, "coverage-regions");
  assert.deepEqual(sorted(written.map((row) => Object.fromEntries(Object.entries(row).map(([name, said]) =>
    [name, /^[\d,]+$/.test(said) ? String(number(said)) : said])))), sorted(regions));
  assert.deepEqual(sorted(await table(page, "rejected")), sorted(rows(`
    SELECT CASE WHEN record IS NULL THEN 'object' ELSE 'record' END AS what, reason, CAST(count(*) AS VARCHAR) AS times, min(object_key) AS "first object"
    FROM rejected GROUP BY 1, 2`)));
});

shown("the sums are those of the span", async (page, span, name) => {
  const [sums] = rows(`
    SELECT count(*) AS sessions, count(DISTINCT root_principal) AS roots, sum(CASE WHEN calls = 0 AND use_link IS NULL THEN 1 ELSE 0 END) AS unused,
      sum(CASE WHEN depth > 0 THEN 1 ELSE 0 END) AS chained, sum(CASE WHEN crossings > 0 THEN 1 ELSE 0 END) AS crossing,
      max(CASE WHEN crossings > 0 THEN depth END) AS deepest, sum(CASE WHEN root_kind IN ('unresolved', 'unknown', 'ambiguous') THEN 1 ELSE 0 END) AS rootless
    FROM session WHERE ${within("created_at", span)}`);
  const all = one("SELECT count(*) FROM session");
  if (SPANS[name].length > 0) {
    assert.deepEqual(span, [SPANS[name][1], SPANS[name][3]].map(seconds));
    assert.ok(sums.sessions > 0 && sums.sessions < all);
  } else assert.equal(sums.sessions, all);
  const [read] = rows(`SELECT sum(records) AS records, sum(rejected) AS rejected FROM object
    WHERE ${within("coalesce(delivered_at, first_event_at)", span)}`);
  const findings = rows(`SELECT severity, count(DISTINCT fingerprint) AS n FROM finding
    WHERE NOT dry_run AND suppressed IS NULL AND ${within("first_at", span)} GROUP BY severity`);
  const [outside] = rows(`SELECT count(DISTINCT caller_account_id) AS accounts, count(*) AS sessions FROM session
    WHERE ${within("created_at", span)} AND issued_by IS NOT NULL AND caller_account_id NOT IN (SELECT account_id FROM organization_account)`);
  const tiles = Object.fromEntries(await page.locator(".tiles > div").evaluateAll((all) => all.map((tile) =>
    [tile.querySelector("dt").textContent, [...tile.querySelectorAll("dd")].map((said) => said.textContent)])));
  const counted = (many, word) => `${many} ${word}${many === 1 ? "" : "s"}`;
  assert.deepEqual(tiles.sessions, [`${sums.sessions}`, `from ${counted(sums.roots, "root")}, ${sums.unused} never used`]);
  const edges = rows(`SELECT came, entered, min(date_part('epoch', created_at)) AS first, max(date_part('epoch', created_at)) AS last
    FROM (${ENTERED}) AS issued WHERE date_part('epoch', created_at) < ${span[1]} GROUP BY came, entered`).filter(({ last }) => last >= span[0]);
  const fresh = edges.filter(({ first }) => first >= span[1] - 7 * 86400).length;
  assert.ok(fresh > 0);
  assert.deepEqual(tiles["edges between accounts"], [`${edges.length}`, `${fresh} new`]);
  const lasted = rows(`SELECT ${LASTED} AS lasted, ${CEILING} AS ceiling FROM session WHERE ${within("created_at", span)}`);
  assert.deepEqual(tiles["above their ceiling"], [`${lasted.filter((one) => one.lasted > one.ceiling + SLACK).length}`,
    `the longest lasted ${Math.round(Math.max(...lasted.map((one) => one.lasted)) / 360) / 10} h`]);
  assert.deepEqual(tiles["chained sessions"], [`${sums.chained}`, `${sums.crossing} cross accounts, up to ${counted(sums.deepest, "step")} deep`]);
  assert.deepEqual(tiles["accounts from outside"], [`${outside.accounts}`, `${counted(outside.sessions, "session")} of theirs`]);
  const without = sums.rootless === 1 ? "1 session is" : `${sums.rootless} sessions are`;
  assert.deepEqual(tiles["records read"], [`${read.records}`, `${read.rejected} could not be read; ${without} without a known root`]);
  assert.equal(number((await page.locator("#verdict").innerText()).split(" ")[0]), findings.reduce((all, { n }) => all + n, 0));
  assert.deepEqual((await page.locator(".first .severity").allInnerTexts()).sort(), findings.map(({ severity, n }) => `${n} ${severity}`).sort());
  assert.equal(await page.locator(".finding").count(), findings.reduce((all, { n }) => all + n, 0));
  const total = async (name, column) => (await table(page, name)).reduce((all, row) => all + number(row[column]), 0);
  assert.equal(await total("walks", "sessions"), sums.crossing);
  assert.equal(await page.locator("table.lengths tbody td:nth-last-child(2)").evaluateAll((all) =>
    all.reduce((sum, cell) => sum + Number(cell.textContent.replace(/,/g, "")), 0)), sums.sessions);
});
