"""Shows that every query under queries/ is Trino SQL, and makes docs/athena.md and infra/athena.yaml of them.

sqlglot reads the query as PostgreSQL, which is nearest to DataFusion, and writes it as Trino. It passes on what it
does not know, so three more things are done: rolecall's functions are replaced (replace.py), functions that mean
something else in Trino are rewritten, and every function of the result must be one that Trino has. The result is
parsed again as Trino.
"""

import re
import sys
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import sqlglot
from sqlglot import exp

from permissions import keep
from replace import REPLACEMENTS, ROOT, functions, replaced

MARK = "rolecall_"

# Functions of Trino that sqlglot has no type for. What is in neither is no function of Trino.
TRINO = {"to_unixtime", "any_match", "contains", "regexp_split"}

# What stands for the parameters of lookups and pages, which have no defaults: crates/query/src/lookup.rs and pages.rs
# bind a value of this type. A query with a parameter that is not here is flawed.
STAND_INS = {
    "lookup": {
        **dict.fromkeys(["what", "one", "two", "event", "from_principal", "to_principal"], {"type": "text", "default": "x"}),
        **dict.fromkeys(["keys", "parents", "words"], {"type": "list", "default": ["x", "y"]}),
    },
    "page": {
        **{f"{kind}_ceiling": {"type": "integer", "default": 3600}
           for kind in ("role", "federated", "service", "token", "unissued")},
        "slack": {"type": "integer", "default": 300},
        "new_since": {"type": "time", "default": "(CURRENT_TIMESTAMP - INTERVAL '7 days')"},
        **dict.fromkeys(["sessions", "credentials", "events"], {"type": "list", "default": ["x", "y"]}),
    },
}

# Files that are no query: others begin with them.
BEGINNINGS = {"lookup": "listed", "page": "measured"}

TYPES = {"String": "VARCHAR", "i64": "BIGINT", "f64": "DOUBLE", "bool": "BOOLEAN", "Time": "TIMESTAMP(3) WITH TIME ZONE"}


@dataclass
class Query:
    """One query, and what it needs."""

    kind: str
    name: str
    title: str
    sql: str = ""
    uses: set[str] = field(default_factory=set)
    flaws: list[str] = field(default_factory=list)


def bound(sql: str, parameters: dict) -> str:
    """The query with values for its `$name`s: lately, and the defaults of its parameters.

    Lately is the last 30 days, or twice as long as the longest time that a parameter names in days.
    """
    named = [re.fullmatch(r"(\d+) days?", str(parameter.get("default"))) for parameter in parameters.values()]
    days = max([30, *(2 * int(match[1]) for match in named if match)])
    values = {"from": f"(CURRENT_TIMESTAMP - INTERVAL '{days} days')", "until": "CURRENT_TIMESTAMP"}
    for name, parameter in parameters.items():
        default, quoted = parameter.get("default", ""), lambda text: "'" + str(text).replace("'", "''") + "'"
        match parameter["type"]:
            case "list":
                values[name] = ", ".join(map(quoted, default))
            case "interval":
                values[name] = f"INTERVAL {quoted(default)}"
            case "text":
                values[name] = quoted(default)
            case _:
                values[name] = str(default)
    sql = re.sub(r"= ANY\s*\(\$(\w+)\)", r"IN ($\1)", sql)
    sql = re.sub(r"<> ALL\s*\(\$(\w+)\)", r"NOT IN ($\1)", sql)
    return re.sub(r"\$(\w+)", lambda match: values.get(match[1], match[0]), sql)


def rewritten(node: exp.Expression) -> exp.Expression:
    """What means something else in Trino, so that it means the same."""
    match node:
        case exp.TimeToUnix():
            return exp.Anonymous(this="to_unixtime", expressions=[node.this])
        case exp.Extract() if node.name.lower() == "epoch":
            return exp.Anonymous(this="to_unixtime", expressions=[node.expression])
        case exp.Greatest() | exp.Least():  # Trino: NULL if any is NULL
            first, *others = [node.this, *node.expressions]
            for other in others:
                both = exp.Anonymous(this=node.key.upper(), expressions=[first.copy(), other.copy()])
                first = exp.Coalesce(this=both, expressions=[first.copy(), other.copy()])
            return first
        case exp.SplitPart():  # Trino: NULL beyond the last part, elsewhere an empty text
            part = exp.Anonymous(this="SPLIT_PART", expressions=[node.this, node.args["delimiter"], node.args["part_index"]])
            whole = exp.Coalesce(this=part, expressions=[exp.Literal.string("")])
            return exp.Case().when(exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null())), whole)
    return node


def translated(query: Query, sql: str) -> None:
    """Fills in the query as Trino has it, and what is wrong with it."""
    names = "|".join(functions())
    marked = re.sub(rf"\b({names})\(", rf"{MARK}\1(", sql)
    try:
        tree = sqlglot.parse_one(marked, read="postgres")
        tree = tree.transform(rewritten)
        # The innermost first, so that an argument is already what it will be.
        for call in reversed(list(tree.find_all(exp.Anonymous))):
            name = call.name.lower()
            if not name.startswith(MARK):
                continue
            name = name.removeprefix(MARK)
            query.uses.add(name)
            stands = replaced(name, call.expressions)
            if stands is None:
                query.flaws.append(f"nothing replaces {name} with {len(call.expressions)} arguments")
            elif call is tree:
                tree = stands
            else:
                call.replace(stands)
        query.sql = tree.sql("trino", pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
        again = sqlglot.parse_one(query.sql, read="trino")
    except (sqlglot.errors.SqlglotError, KeyError) as error:
        query.flaws.append(str(error).splitlines()[0])
        return
    ours = TRINO | {"greatest", "least", "split_part"}
    query.flaws += [f"Trino has no function `{call.name}`" for call in again.find_all(exp.Anonymous)
                    if call.name.lower() not in ours]
    query.flaws += [f"a {node.key} is left" for node in again.find_all(exp.Parameter, exp.Placeholder, exp.Glob)]


def head_and_body(path: Path) -> tuple[str, str]:
    """The comment at the top of a query, and the query. Globs in the comment look like comments in it."""
    comment, body = path.read_text().split("*/", 1)
    return comment.removeprefix("/*"), body


def begun(folder: Path, kind: str) -> list[tuple[str, str, str]]:
    """Name, comment and text of each query of a folder; what asks the folder's beginning begins with it."""
    files = {path.stem: head_and_body(path) for path in sorted(folder.glob("*.sql"))}
    first = BEGINNINGS[kind]
    _, beginning = files.pop(first)
    return [(name, comment.strip(), f"{beginning}\n{body}" if f"FROM {first}" in body else body)
            for name, (comment, body) in files.items()]


def all_queries() -> list[Query]:
    """Every query under queries/, translated."""
    found = []
    for path in sorted((ROOT / "queries").glob("*/*/*.sql")):
        comment, body = head_and_body(path)
        head = tomllib.loads(comment.split("+++")[1])
        query = Query(path.parent.parent.name.removesuffix("s"), path.parent.name, head["title"])
        translated(query, bound(body, head.get("param", {})))
        found.append(query)
    for path in sorted((ROOT / "queries/views").glob("*.sql")):
        comment, body = head_and_body(path)
        query = Query("view", path.stem, comment.strip())
        translated(query, body)
        found.append(query)
    for kind, parameters in STAND_INS.items():
        for name, title, text in begun(ROOT / f"queries/{kind}s", kind):
            query = Query(kind, name, title)
            translated(query, bound(text, parameters))
            found.append(query)
    return found


def known_tables() -> dict[str, str]:
    """The tables of what the organisation knows, each as a query of its columns without rows."""
    source = (ROOT / "crates/model/src/known.rs").read_text()
    found = {}
    for block in re.findall(r"^known! \{\n(.*?)^\}", source, re.S | re.M):
        name = re.search(r'is "(\w+)"', block)[1]
        columns = re.findall(r"^    (\w+): (?:Option<)?(\w+)>?,", block, re.M)
        columns += [("owner", "String"), ("reason", "String"), ("expires_at", "Time")]
        casts = [f"CAST(NULL AS {TYPES[kind]}) AS {column}" for column, kind in columns]
        found[name] = "SELECT\n  " + ",\n  ".join(casts) + "\nWHERE FALSE"
    return found


def asked(sql: str) -> set[str]:
    return {table.name for table in sqlglot.parse_one(sql, read="trino").find_all(exp.Table)}


def whole(report: Query, views: dict[str, str], known: dict[str, str]) -> str:
    """A report that asks only tables of the lake: views and known tables are put before it, under WITH."""
    parts: dict[str, str] = {}

    def need(sql: str) -> None:
        for name in sorted(asked(sql)):
            if name in parts or name not in views | known:
                continue
            text = (views | known)[name]
            need(text)
            parts[name] = text

    need(report.sql)
    if not parts:
        return report.sql
    before = ",\n".join(f"{name} AS (\n{textwrap.indent(text, '  ')}\n)" for name, text in parts.items())
    if report.sql.startswith("WITH "):
        return f"WITH {before},\n{report.sql.removeprefix('WITH ')}"
    return f"WITH {before}\n{report.sql}"


YAML_HEAD = """\
# Athena over the lake: a database, a workgroup, and a named query for each report under queries/reports. Made by
# `infra/gate/run.py write`; do not edit. First run what `rolecall tables --athena s3://BUCKET/PREFIX` prints.
AWSTemplateFormatVersion: "2010-09-09"
Description: rolecall - reports of the lake in Athena

Parameters:
  LakeBucket:
    Type: String
    Description: Output LakeBucket of the stack of rolecall; answers go under athena/ in it.
    AllowedPattern: ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$
  KeyArn:
    Type: String
    Description: Output KeyArn of the stack of rolecall.
    AllowedPattern: ^arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+$
  DatabaseName:
    Type: String
    Description: The database in Glue.
    Default: rolecall
    AllowedPattern: ^[a-z][a-z0-9_]*$
  ScannedBytesLimit:
    Type: Number
    Description: A query that reads more is stopped.
    Default: 1000000000000
    MinValue: 10000000

Resources:
  Database:
    Type: AWS::Glue::Database
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseInput: {Name: !Ref DatabaseName, Description: The lake of rolecall}

  WorkGroup:
    Type: AWS::Athena::WorkGroup
    Properties:
      Name: !Ref DatabaseName
      Description: Queries over the lake of rolecall
      WorkGroupConfiguration:
        EnforceWorkGroupConfiguration: true
        PublishCloudWatchMetricsEnabled: true
        BytesScannedCutoffPerQuery: !Ref ScannedBytesLimit
        EngineVersion: {SelectedEngineVersion: Athena engine version 3}
        ResultConfiguration:
          OutputLocation: !Sub "s3://${LakeBucket}/athena/"
          EncryptionConfiguration: {EncryptionOption: SSE_KMS, KmsKey: !Ref KeyArn}
"""


def named(report: Query, sql: str) -> str:
    logical = "".join(word.capitalize() for word in report.name.split("-"))
    title = report.title.replace('"', "'")
    return (f"\n  {logical}:\n    Type: AWS::Athena::NamedQuery\n    Properties:\n      Name: {report.name}\n"
            f'      Description: "{title}"\n      Database: !Ref Database\n      WorkGroup: !Ref WorkGroup\n'
            f"      QueryString: |\n{textwrap.indent(sql, ' ' * 8)}\n")


PAGE_HEAD = """\
# Athena

The tables of the lake are Delta tables (reader 1, writer 2), which Athena reads in place with its engine version 3:
only with the Glue catalogue, read only, without time travel
([considerations](https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html)). Columns come from the log of
each table, so that none is declared, and nothing must be done when the lake grows.

1. Deploy `infra/athena.yaml` with the outputs `LakeBucket` and `KeyArn` of the stack: it makes a database, a
   workgroup, and a named query for each report.
2. `rolecall tables --athena s3://BUCKET/lake` prints the statements that register the tables. Athena takes one
   statement at a time: run each in the workgroup `rolecall`.
3. Open a named query. It asks about the last 30 days, or longer where it must, and its other parameters have their
   defaults; change them in its text. Views, and what `rolecall.toml` knows, stand at its top under WITH; the latter are empty there, because they
   are not in the lake: put rows in their place, or make tables of these names and delete the parts.

Readers need `s3:GetObject` and `s3:ListBucket` on the lake, `kms:Decrypt` on its key, and may write below `athena/`.

Every query below is checked to be SQL of Trino: read and written by sqlglot, with rolecall's functions replaced, what
means something else in Trino rewritten (`greatest` and `least` with NULL, `split_part` beyond the last part, seconds
since 1970), every function one that Trino has, and parsed again. They were not run on Athena. Those of the
replacements that need no addresses are run on DuckDB, and give there what the functions give.

Other engines that read Delta tables take the queries of `infra/athena.yaml` as far as they speak Trino.
"""


KINDS = """\
Reports are the named queries of `infra/athena.yaml`. Detections and views are files under `queries/` with the same names;
lookups are behind `rolecall serve`, pages behind the report as a page, and both want values for their `$name`s. Those of
them that list sessions are put after `queries/lookups/listed.sql` or `queries/pages/measured.sql`, as rolecall does.
"""


def shortened(expression: str) -> list[str]:
    """The lines of an expression; of many that are alike, the first and the last."""
    lines = textwrap.wrap(expression, 110, break_long_words=False, break_on_hyphens=False)
    return lines if len(lines) < 12 else [*lines[:6], "-- … and so on for each family in crates/model/src/client.rs", *lines[-2:]]


def page(queries: list[Query]) -> str:
    lines = [PAGE_HEAD, "## Queries\n", KINDS, "| query | kind | functions of rolecall in it |", "| --- | --- | --- |"]
    lines += [f"| `{query.name}` | {query.kind} | {' '.join(f'`{name}`' for name in sorted(query.uses))} |" for query in queries]
    lines += ["", "## What replaces the functions\n",
              "`{0}` and `{1}` are the arguments. A `glob` with a pattern written out becomes a plain `LIKE`.\n"]
    used = {name for query in queries for name in query.uses}
    for name in functions():
        unused = "" if name in used else " No query uses it."
        if name in REPLACEMENTS:
            written = shortened(REPLACEMENTS[name].replace("{{", "{").replace("}}", "}"))
            lines += [f"`{name}`{'.' if unused else ''}{unused}\n", "```sql", *written, "```\n"]
        else:
            lines += [f"`{name}`: nothing; ask it in rolecall.{unused}\n"]
    return "\n".join(lines).rstrip() + "\n"


def main(writes: bool) -> int:
    queries = all_queries()
    views, known = {query.name: query.sql for query in queries if query.kind == "view"}, known_tables()
    flawed = [query for query in queries if query.flaws]
    print(f"{len(queries)} queries, {len(flawed)} that are no Trino, {sum(bool(q.uses) for q in queries)} with functions replaced")
    for query in flawed:
        print(f"  {query.kind} {query.name}: {'; '.join(sorted(set(query.flaws)))}")
    if flawed:
        return 1
    reports = [(query, whole(query, views, known)) for query in queries if query.kind == "report"]
    for query, sql in reports:
        sqlglot.parse_one(sql, read="trino")
    template = YAML_HEAD + "".join(named(query, sql) for query, sql in reports)
    return keep(ROOT / "docs/athena.md", page(queries), writes) | keep(ROOT / "infra/athena.yaml", template, writes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] == ["write"]))
