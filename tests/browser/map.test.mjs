// The map of `rolecall report -o` against SQL: which edges are drawn, how, and what choosing one shows.
//
// ROLECALL names the program, CHROMIUM a browser if none is on the path.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run } from "./browser.mjs";
import { asking, ENTERED, number, seconds, sorted, spanOf } from "./lake.mjs";

const folder = mkdtempSync(join(tmpdir(), "rolecall-map-"));
const [lake, config, plain, told] = ["lake", "rolecall.toml", "plain.html", "told.html"].map((name) => join(folder, name));
const rolecall = program("ROLECALL", "the program `rolecall`");
let browser;

// An account from outside becomes a partner, and an own one gets a name.
const KNOWN = `
[[account]]
id = "555555555555"
name = "warehouse"
[[partner]]
account = "666666666666"
name = "vendor"
owner = "secops@example.com"
`;

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  writeFileSync(config, KNOWN);
  run(rolecall, ["--lake", lake, "report", "-o", plain]);
  run(rolecall, ["--lake", lake, "--config", config, "report", "-o", told]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// The edges of the map, told by sessions and not by the table `edge`, from which it is made.
const edgesOf = ({ rows }, since) => rows(`
  SELECT came, entered, count(*) AS sessions, count(DISTINCT principal) AS roles, max(granted_seconds) AS longest,
    min(date_part('epoch', created_at)) >= ${since} AS is_new,
    CASE WHEN min(own.account_id) IS NOT NULL OR min(provider) IS NOT NULL THEN 'own'
      WHEN min(partner.account_id) IS NOT NULL THEN 'partner' ELSE 'outside' END AS whose
  FROM (${ENTERED}) AS issued
  LEFT JOIN organization_account AS own ON own.account_id = issued.came
  LEFT JOIN (SELECT DISTINCT account_id FROM partner) AS partner ON partner.account_id = issued.came
  GROUP BY came, entered`);

// What is drawn: places by what their tips say, and lines by the places where they begin and end.
const drawnOn = (page) => page.evaluate(() => {
  const box = (of) => ["x", "y", "width", "height"].map((side) => of[side].baseVal.value);
  const said = (mark) => mark.getAttribute("aria-description");
  const nodes = [...document.querySelectorAll(".node")].map((node) => {
    const [, whole, kind] = said(node).match(/^(.+) \((own|partner|outside|provider)\)/);
    return {
      number: node.dataset.node, place: whole.match(/\d{12}$/)?.[0] ?? whole, whole, kind, classes: [...node.classList], tip: said(node),
      name: node.querySelector(".name").textContent, box: box(node.querySelector("rect")),
    };
  });
  const links = [...document.querySelectorAll(".link")].map((link) => {
    const line = link.querySelector(".line");
    const spot = (at) => [line.getPointAtLength(at)].map(({ x, y }) => [x, y])[0];
    const head = link.querySelector(".head").getBBox();
    return {
      from: link.dataset.from, to: link.dataset.to, tip: said(link), classes: [...link.classList], label: link.querySelector("text").textContent,
      width: parseFloat(getComputedStyle(line).strokeWidth), dashes: getComputedStyle(line).strokeDasharray,
      ends: [spot(0), spot(line.getTotalLength())], head: [head.x + head.width / 2, head.y + head.height / 2],
    };
  });
  return { nodes, links, note: document.querySelector("#map > .note").textContent };
});

const lasting = (said) => {
  const [, many, unit] = said.match(/^([\d.]+) (s|min|h|d)$/);
  return Number(many) * { s: 1, min: 60, h: 3600, d: 86400 }[unit];
};

for (const [name, file, given] of [["nothing known", () => plain, undefined], ["a partner known", () => told, () => config]]) {
  test(`with ${name}, the edges drawn are those of SQL`, async () => {
    const { page, close } = await open(browser, file());
    const { nodes, links, note } = await drawnOn(page);
    const span = await spanOf(page);
    await close();
    const since = seconds(note.match(/New means: seen first since (.{16})/)[1]);
    assert.equal(since, span[1] - 7 * 86400);
    const edges = edgesOf(asking(rolecall, lake, given?.()), since);
    assert.ok(new Set(edges.map(({ whose }) => whose)).size === 2 && edges.some((edge) => edge.is_new) && edges.some((edge) => !edge.is_new));
    const node = Object.fromEntries(nodes.map((each) => [each.number, each]));
    const drawn = links.map((link) => {
      const [, sessions, roles, longest] = link.tip.match(/ · ([\d,]+) sessions? · ([\d,]+) roles?(?: · longest ([^·]+?))?(?: ·|$)/);
      return {
        came: node[link.from].place, entered: node[link.to].place, sessions: number(sessions), roles: number(roles),
        longest: longest ? lasting(longest) : null, is_new: link.classes.includes("new"),
        whose: link.classes.find((word) => ["own", "partner", "outside"].includes(word)),
      };
    });
    // Lengths are written to a tenth of an hour.
    const rounded = ({ longest, ...edge }) => ({ ...edge, longest: longest && Math.round(longest / 360) });
    assert.deepEqual(sorted(drawn.map(rounded)), sorted(edges.map(({ longest, ...edge }) => rounded({ ...edge, longest }))));
    assert.match(note, new RegExp(`^All ${nodes.length} accounts and providers and ${edges.length} edges are drawn`));

    // A line says in words and looks what it is.
    for (const [at, link] of links.entries()) {
      const { sessions, is_new: isNew, whose } = drawn[at];
      const marks = [...(isNew ? ["new"] : []), ...(whose === "own" ? [] : [whose])];
      assert.equal(link.label, [...(marks.length > 0 ? [marks.join(", ")] : []), sessions].join(" · "));
      assert.equal(link.dashes !== "none", isNew, link.tip);
      assert.equal(link.tip.includes("NEW"), isNew, link.tip);
      // The more sessions, the wider.
      for (const [other, { width }] of links.entries()) {
        assert.equal(Math.sign(link.width - width), Math.sign(sessions - drawn[other].sessions), `${link.tip} | ${links[other].tip}`);
      }
      // It leads from the one to the other, and its head is at the one that is entered.
      const near = ([x, y], [left, top, width, height]) => x >= left - 10 && x <= left + width + 10 && y >= top && y <= top + height;
      const [from, to] = [node[link.from].box, node[link.to].box];
      assert.ok(link.ends.some((end) => near(end, from)) && link.ends.some((end) => near(end, to)), link.tip);
      assert.ok(near(link.head, to), link.tip);
    }
    // So does a place.
    for (const { place, kind, classes, tip, whole } of nodes) {
      const sum = (which) => edges.filter((edge) => edge[which] === place).reduce((all, edge) => all + edge.sessions, 0);
      const own = edges.find((edge) => edge.came === place)?.whose ?? "own";
      assert.equal(kind, /^\d{12}$/.test(place) ? own : "provider", tip);
      assert.ok(classes.includes(kind), tip);
      for (const [which, how] of [["entered", "entered by"], ["came", "gives out"]]) {
        const said = tip.match(new RegExp(`${how} ([\\d,]+) session`));
        assert.equal(said ? number(said[1]) : 0, sum(which), tip);
      }
      if (given) assert.equal(whole, { 555555555555: "warehouse 555555555555", 666666666666: "vendor 666666666666" }[place] ?? place);
    }
  });
}

// What is lit: places, and lines as `from to`.
const lit = async (page) => {
  const { nodes, links } = await drawnOn(page);
  const place = Object.fromEntries(nodes.map((node) => [node.number, node.place]));
  return {
    places: nodes.filter(({ classes }) => classes.includes("lit")).map((node) => node.place).sort(),
    lines: links.filter(({ classes }) => classes.includes("lit")).map(({ from, to }) => `${place[from]} ${place[to]}`).sort(),
  };
};
const pairs = (places) => places.slice(1).map((to, at) => `${places[at]} ${to}`);
// The walks that sessions took across accounts, and where from. Those who come by a provider begin there.
const walks = () => asking(rolecall, lake).rows(`
  SELECT DISTINCT account_path, CASE WHEN root_kind IN ('saml', 'identity center') THEN 'SAML, Identity Center'
    WHEN root_kind = 'web identity' THEN regexp_replace(split_part(root_principal, ' ', 1), '^.*oidc-provider/', '') END AS begun
  FROM session WHERE crossings > 0`)
  .map(({ account_path: path, begun }) => [...(begun === null ? [] : [begun]), ...path.split(" > ")]);
const none = { places: [], lines: [] };

test("Enter, Space and a click on a place or line show the same, which is every chain through it", async () => {
  const { page, noticed, close } = await open(browser, plain);
  const { nodes, links } = await drawnOn(page);
  const place = Object.fromEntries(nodes.map((node) => [node.number, node.place]));
  const ends = links.map(({ from, to }) => [place[from], place[to]]);
  const choosing = async (mark, spot, expected) => {
    for (const how of ["click", "Enter", "Space"]) {
      if (how === "click") await spot.click();
      else {
        await mark.focus();
        await page.keyboard.press(how);
      }
      assert.deepEqual(await lit(page), expected, how);
      await page.keyboard.press("Escape");
      assert.deepEqual(await lit(page), none, how);
    }
  };
  const all = [...walks(), ...ends];
  for (const [at, node] of nodes.entries()) {
    const through = all.filter((walk) => walk.includes(node.place));
    const mark = page.locator(".node").nth(at);
    await choosing(mark, mark, {
      places: [...new Set([node.place, ...through.flat()])].sort(), lines: [...new Set(through.flatMap(pairs))].sort(),
    });
  }
  const link = page.locator(".link").first();
  await choosing(link, link.locator(".head"), { places: [...ends[0]].sort(), lines: pairs(ends[0]) });
  await close();
  assert.deepEqual(noticed, []);
});

test("a chain chosen in its table or on the timeline lights its members and nothing else", async () => {
  const { page, noticed, close } = await open(browser, plain);
  const rows = page.locator("#grid-walks tbody tr");
  const all = walks();
  assert.equal(await rows.count(), all.length);
  const seen = [];
  for (let at = 0; at < all.length; at += 1) {
    const walk = (await rows.nth(at).locator("td").first().innerText()).split(" → ");
    seen.push(walk);
    await rows.nth(at).getByRole("button", { name: "Show on the map" }).click();
    assert.deepEqual(await lit(page), { places: [...new Set(walk)].sort(), lines: [...new Set(pairs(walk))].sort() });
    assert.match(await page.locator("#chosen").innerText(), new RegExp(`^Shown: ${walk.join(" → ")}`));
  }
  assert.deepEqual(sorted(seen), sorted(all));
  await page.getByRole("button", { name: "Show all" }).click();
  assert.deepEqual(await lit(page), none);

  // The session in the deepest chain, by its bar.
  const [deepest] = asking(rolecall, lake).rows("SELECT * FROM session ORDER BY depth DESC, created_at LIMIT 1");
  const issued = `issued ${deepest.created_at.replace("T", " ").replace("Z", "")}`;
  const bar = page.locator(`.bar.chained[aria-label*="${issued}"]`);
  await bar.focus();
  await page.keyboard.press("Enter");
  const walk = deepest.account_path.split(" > ");
  assert.ok(walk.length > 2);
  assert.deepEqual(await lit(page), { places: [...walk].sort(), lines: pairs(walk).sort() });
  await close();
  assert.deepEqual(noticed, []);
});
