// The timeline of `rolecall report -o` against SQL: which sessions are drawn, from when until when, and how marked.
//
// ROLECALL names the program, CHROMIUM a browser if none is on the path.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, program, run } from "./browser.mjs";
import { asking, axisOf, CEILING, LASTED, number, seconds, SLACK, sorted, spanOf } from "./lake.mjs";

const folder = mkdtempSync(join(tmpdir(), "rolecall-timeline-"));
const [lake, config] = [join(folder, "lake"), join(folder, "rolecall.toml")];
const rolecall = program("ROLECALL", "the program `rolecall`");
const { rows } = asking(rolecall, lake);
let browser;

// The whole lake, where short sessions are drawn wider than they are, and days in which an hour has its width.
const SPANS = { "the whole lake": [], "a few days": ["--from", "2026-03-13T12:00:00Z", "--until", "2026-03-16T12:00:00Z"] };
const file = (name) => join(folder, `${name.replaceAll(" ", "-")}.html`);
// The smallest width of a bar, as a share of the picture.
const THIN = 0.006;
// A role of which no session may last an hour.
const STRICT = "arn:aws:iam::555555555555:role/data-readers";

before(async () => {
  run(rolecall, ["demo", "--keep", lake]);
  writeFileSync(config, `[[ceiling]]\nroles = ["${STRICT}"]\nduration = "30m"\nowner = "secops@example.com"\n`);
  for (const [name, span] of Object.entries(SPANS)) {
    run(rolecall, ["--lake", lake, "--config", config, "report", "-o", file(name), ...span]);
  }
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// All that SQL says of the sessions of a span.
const sessionsOf = ([from, until]) => {
  const within = (column) => `date_part('epoch', ${column}) >= ${from} AND date_part('epoch', ${column}) < ${until}`;
  const findings = rows(`SELECT evidence, event_ids FROM finding WHERE NOT dry_run AND suppressed IS NULL AND ${within("first_at")}`);
  const evidence = findings.map((finding) => finding.evidence).join("\n");
  const events = new Set(findings.flatMap((finding) => (finding.event_ids ?? "").split(" ")));
  const sessions = rows(`
    SELECT *, ${LASTED} AS lasted, CASE WHEN principal = '${STRICT}' THEN 1800 ELSE ${CEILING} END AS ceiling
    FROM session WHERE ${within("created_at")} ORDER BY created_at, session_id`);
  return sessions.map((session) => ({
    ...session, is_named: [session.session_id, session.issued_key].some((word) => word !== null && evidence.includes(word))
      || (session.issue_event_ids ?? "").split(" ").some((event) => event !== "" && events.has(event)),
  }));
};

// What is drawn, in pixels, and what the bars tell.
const drawnOn = (page) => page.evaluate(() => {
  const picture = document.querySelector("svg.timeline");
  const edge = (rect) => rect && { x: rect.x.baseVal.value, end: rect.x.baseVal.value + rect.width.baseVal.value };
  const bar = (mark) => {
    const granted = mark.querySelector(".granted");
    return {
      ...edge(granted), y: granted.y.baseVal.value, used: edge(mark.querySelector(".used")), classes: [...mark.classList],
      tip: mark.getAttribute("aria-label"), fill: getComputedStyle(granted).fill,
      frame: parseFloat(getComputedStyle(granted).strokeWidth),
    };
  };
  return {
    width: picture.width.baseVal.value,
    hasHatch: picture.querySelector("#hatch line") !== null,
    ticks: [...picture.querySelectorAll(".ticks > g")].map((tick) =>
      ({ x: tick.querySelector("line").x1.baseVal.value, text: tick.querySelector("text").x.baseVal[0].value, label: tick.textContent })),
    bars: [...picture.querySelectorAll(".bar")].map(bar),
    joints: [...picture.querySelectorAll(".joints line")].map((line) =>
      ({ x: line.x1.baseVal.value, from: line.y1.baseVal.value, to: line.y2.baseVal.value, isDeep: line.classList.contains("deep") })),
    columns: [...picture.querySelectorAll(".dense")].map((column) =>
      ({ ...edge(column.querySelector(".all")), tip: column.getAttribute("aria-label"), high: column.querySelector(".all").height.baseVal.value })),
    lanes: [...picture.querySelectorAll(".lane .label")].map((label) =>
      [label.querySelector("title").textContent, label.querySelector(".marks")?.textContent ?? ""]),
    note: document.querySelector("#sessions > .note").textContent,
  };
});

// The session that a bar tells of; it is taken out, so that no two bars have one.
const told = (bar, left) => {
  const [who, ...parts] = bar.tip.split(" · ");
  const part = (begin) => parts.find((each) => each.startsWith(begin))?.slice(begin.length);
  const [principal, account] = who.split(" in ");
  const instant = (said) => said && seconds(said.slice(0, 19));
  const at = left.findIndex((session) => session.principal.endsWith(principal) && session.account_id === account
    && session.root_principal === part("root ") && (session.session_name ?? undefined) === part("session name ")
    && seconds(session.created_at) === instant(part("issued "))
    && (session.expires_at === null || part("issued ").includes(`valid until ${session.expires_at.replace("T", " ").replace("Z", "")}`))
    && (session.first_used_at === null || seconds(session.first_used_at) === instant(part("used from "))));
  assert.notEqual(at, -1, `no session is ${bar.tip}`);
  return left.splice(at, 1)[0];
};

for (const name of Object.keys(SPANS)) {
  test(`over ${name}, bars are sessions at their time, marked as they are`, async () => {
    const { page, close } = await open(browser, file(name));
    const span = await spanOf(page);
    const sessions = sessionsOf(span);
    const drawn = await drawnOn(page);
    await close();

    // The axis: round instants are where their labels say, and the picture is the span.
    const { at, pixel } = axisOf(drawn.ticks, 2026);
    const near = (x, expected, what) =>
      assert.ok(Math.abs(at(x) - expected) <= pixel, `${what}: ${at(x)} instead of ${expected}, and a pixel is ${pixel} s`);
    near(0, span[0], "begin");
    near(drawn.width, span[1], "end");
    for (const { x, text, label } of drawn.ticks) {
      assert.equal(text, x, label);
      if (label.includes("-")) near(x, seconds(`2026-${label} 00:00`), label);
      const [hour, minute] = label.includes(":") ? label.split(":").map(Number) : [0, 0];
      const off = (at(x) - (hour * 3600 + minute * 60)) % 86400;
      assert.ok(Math.min(off, 86400 - off) <= pixel, label);
    }

    assert.ok(drawn.hasHatch);

    // Which are drawn.
    const left = [...sessions];
    const pairs = drawn.bars.map((bar) => [bar, told(bar, left)]);
    const named = sessions.filter((session) => session.is_named);
    const [, shown, all] = drawn.note.match(/^(\d+) of (\d+) sessions are drawn/) ?? [null, drawn.bars.length, sessions.length];
    assert.deepEqual([number(`${shown}`), number(`${all}`)], [drawn.bars.length, sessions.length], drawn.note);
    if (left.length > 0) assert.match(drawn.note, new RegExp(`every one that a finding names \\(${named.length}\\)`));
    else assert.match(drawn.note, /^All \d+ sessions are drawn/);
    assert.deepEqual(left.filter((session) => session.is_named), []);
    // Left out are only those for which their lane has no row: four others are drawn there at that time.
    const lane = (session) => [session.root_principal, session.principal, session.account_id].join();
    for (const session of left) {
      const begin = seconds(session.created_at);
      const beside = pairs.filter(([bar, other]) => lane(other) === lane(session)
        && at(bar.x) <= begin + pixel && at(bar.end) >= begin - pixel);
      const inLane = sessions.filter((other) => lane(other) === lane(session));
      assert.ok(beside.length >= 4 || inLane.length > 24, `${session.session_id} is left out of a lane of ${inLane.length}`);
    }
    // Of each root and principal the longest and the deepest are drawn, as the note says.
    const begun = ({ root_principal: root, principal }) => [root, principal].join();
    for (const what of ["lasted", "depth"]) {
      const most = (list, key) => Math.max(...list.filter((each) => begun(each) === key).map((each) => each[what]));
      const drawnOnes = pairs.map(([, session]) => session);
      for (const key of new Set(sessions.map(begun))) assert.equal(most(drawnOnes, key), most(sessions, key), `${what} of ${key}`);
    }

    // When, and how marked.
    const isAbove = ({ lasted, ceiling }) => lasted > ceiling + SLACK;
    const [from, until] = span;
    const thin = (until - from) * THIN;
    const clipped = (instant) => Math.min(instant, until);
    for (const [bar, session] of pairs) {
      const begin = Math.min(seconds(session.created_at), until - thin);
      const [expiry, lastUse] = [session.expires_at, session.last_used_at].map((instant) => (instant === null ? -Infinity : seconds(instant)));
      // Without an expiry the bar lasts to the last use; a use after the expiry goes on after the bar.
      const granted = clipped(Math.max(begin + thin, session.expires_at === null ? lastUse : expiry));
      const end = Math.max(granted, clipped(lastUse));
      near(bar.x, begin, `issued, ${bar.tip}`);
      near(bar.end, granted, `until, ${bar.tip}`);
      assert.equal(bar.tip.includes("AFTER its expiry"), session.expires_at !== null && lastUse > expiry, bar.tip);
      assert.equal(bar.used !== null, session.first_used_at !== null, bar.tip);
      if (bar.used) {
        const [first, last] = [session.first_used_at, session.last_used_at].map(seconds);
        const start = Math.min(Math.max(first, begin), end);
        near(bar.used.x, start, `first use, ${bar.tip}`);
        // However short, a use is seen.
        near(bar.used.end, Math.max(Math.min(last, end), Math.min(start + thin / 3, end)), `last use, ${bar.tip}`);
      }
      const marks = {
        named: session.is_named, above: isAbove(session), open: session.expires_at === null,
        chained: session.depth > 0,
      };
      const expected = Object.keys(marks).filter((mark) => marks[mark]);
      assert.deepEqual(bar.classes.filter((word) => word in marks).sort(), expected.sort(), bar.tip);
      assert.equal(bar.tip.includes("ABOVE its ceiling"), marks.above, bar.tip);
      assert.equal(bar.tip.includes("in a FINDING"), marks.named, bar.tip);
      // And seen to be so.
      assert.equal(bar.fill.includes("hatch"), marks.above && !marks.open, bar.tip);
      assert.equal(bar.frame > 1, marks.named, bar.tip);
    }
    assert.ok(pairs.some(([, { principal, lasted }]) => principal === STRICT && lasted < 14400), "the own ceiling is met");

    // A lane says what is in it.
    const lanes = [...new Map(pairs.map(([, session]) => [lane(session), session])).values()].map((one) => {
      const inIt = sessions.filter((session) => begun(session) === begun(one));
      const marks = [["▲ finding", ({ is_named: isNamed }) => isNamed], ["too long", isAbove], ["chain", ({ depth }) => depth > 1]];
      return [`${one.root_principal} → ${one.principal}`, marks.filter(([, holds]) => inIt.some(holds)).map(([mark]) => mark).join(" · ")];
    });
    assert.deepEqual(sorted(drawn.lanes), sorted(lanes));

    // A line leads from each session to those that it opened.
    const bars = new Map(pairs.map(([bar, session]) => [session.session_id, bar]));
    const expected = pairs.filter(([bar, { parent_session_id: parent }]) => bars.has(parent) && bars.get(parent).y !== bar.y)
      .map(([bar, session]) => {
        const above = bars.get(session.parent_session_id).y;
        const [start, stop] = above < bar.y ? [above + 10, bar.y] : [above, bar.y + 10];
        return [start, stop, session.depth > 1, seconds(session.created_at)];
      });
    const line = ([start, stop, isDeep]) => [start, stop, isDeep];
    assert.deepEqual(sorted(drawn.joints.map(({ from, to, isDeep }) => [from, to, isDeep])), sorted(expected.map(line)));
    for (const { x, from: start, to: stop } of drawn.joints) {
      assert.ok(expected.some((each) => each[0] === start && each[1] === stop && Math.abs(at(x) - each[3]) <= pixel), `${x}`);
    }
  });

  test(`over ${name}, the columns hold every session`, async () => {
    const { page, close } = await open(browser, file(name));
    const span = await spanOf(page);
    const sessions = sessionsOf(span);
    const { columns, ticks } = await drawnOn(page);
    await close();
    const { at, pixel } = axisOf(ticks, 2026);
    const counts = columns.map((column) => column.tip.match(/ · ([\d,]+) sessions? · ([\d,]+) of them chained$/).slice(1).map(number));
    const sum = (which) => counts.reduce((all, each) => all + each[which], 0);
    assert.deepEqual([sum(0), sum(1)], [sessions.length, sessions.filter(({ depth }) => depth > 0).length]);
    // Sessions are counted by the hour of their issuance.
    const hour = ({ created_at: created }) => Math.floor(seconds(created) / 3600) * 3600;
    const holds = (column, slack) => sessions.filter((session) =>
      Math.max(hour(session), span[0]) >= at(column.x) - slack && hour(session) < at(column.end) + slack).length;
    columns.forEach((column, which) => {
      assert.ok(holds(column, -pixel) <= counts[which][0] && counts[which][0] <= holds(column, pixel), column.tip);
    });
    const most = Math.max(...counts.map(([all]) => all));
    columns.forEach(({ high, tip }, which) => assert.equal(high, Math.ceil(counts[which][0] / most * 56), tip));
  });
}
