// Asks a lake by SQL, so that pages are compared with what it says, and reads what pages write.
import { run } from "./browser.mjs";

// `rows` gives the rows of a statement as objects, `one` the only value of the only row.
export const asking = (rolecall, lake, config) => {
  const rows = (sql) =>
    run(rolecall, ["--lake", lake, ...(config ? ["--config", config] : []), "--format", "json", "sql", sql])
      .split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return { rows, one: (sql) => Object.values(rows(sql)[0])[0] };
};

// Instants as pages and as a lake write them, in seconds.
export const seconds = (said) => Date.parse(said.endsWith("Z") ? said : `${said.replace(" ", "T")}Z`) / 1000;

// Numbers as pages write them.
export const number = (said) => Number(said.replace(/,/g, ""));

// The span that a report says it is about.
export const spanOf = async (page) => (await page.locator("header .span time").allTextContents()).map(seconds);

// Rows of a table by the names of its columns; where a cell has more than it shows, all of it.
export const table = (page, name) => page.evaluate((id) => {
  const grid = document.getElementById(id);
  const heads = [...grid.tHead.rows[0].cells].map((head) => head.textContent.trim());
  return [...grid.tBodies[0].rows].map((row) =>
    Object.fromEntries(heads.map((head, at) => [head, row.cells[at].title || row.cells[at].textContent.trim()])));
}, `grid-${name}`);

// Two lists hold the same, in any order.
export const sorted = (list) => list.map((each) => JSON.stringify(each)).sort();

// Where instants lie in a picture, by the ticks with a day below or above: `at` gives the seconds of a pixel, `pixel`
// is how many seconds one is.
export const axisOf = (ticks, year) => {
  const days = ticks.filter(({ label }) => /^\d\d-\d\d$/.test(label));
  const [first, last] = [days[0], days.at(-1)];
  const day = ({ label }) => Date.parse(`${year}-${label}T00:00:00Z`) / 1000;
  const pixel = (day(last) - day(first)) / (last.x - first.x);
  return { pixel, at: (x) => day(first) + (x - first.x) * pixel };
};

// Expressions and a query over sessions, written without what the pages are made of. How long one lasted, as granted or
// used, and how long it may: the defaults of the report `longest-sessions`, five minutes above which are no excess.
export const LASTED = `CASE WHEN use_link = 'ambiguous' THEN coalesce(granted_seconds, 0)
  ELSE greatest(coalesce(granted_seconds, 0), coalesce(date_part('epoch', last_used_at) - date_part('epoch', created_at), 0)) END`;
export const CEILING = `CASE WHEN coalesce(issued_by, 'GetSessionToken') IN ('GetSessionToken', 'GetFederationToken') THEN 43200
  WHEN depth = 0 AND root_kind IN ('saml', 'identity center', 'service') THEN 43200 ELSE 14400 END`;
export const SLACK = 300;

// The sessions that led from one account, or provider of identities, into another account.
export const ENTERED = `SELECT * FROM (
  SELECT account_id AS entered, principal, granted_seconds, created_at, coalesce(caller_account_id, provider) AS came, provider
  FROM (SELECT *, CASE WHEN issued_by = 'AssumeRoleWithSAML' THEN 'SAML, Identity Center'
    WHEN issued_by = 'AssumeRoleWithWebIdentity' THEN regexp_replace(identity_provider, '^.*oidc-provider/', '')
    END AS provider FROM session WHERE issued_by IS NOT NULL) AS issued
  ) AS issued WHERE came <> entered`;
