#!/usr/bin/env python3
"""Makes the pages of reference from the program in ROLECALL, or with no argument checks that they are current.

    docs/reference/cli.md            what `rolecall COMMAND --help` says
    docs/reference/tables.md         what `rolecall tables` says of tables and views
    docs/reference/functions.md      the same of functions
    docs/reference/configuration.md  what is asked of rolecall.toml, and its sample, between the marks
    docs/reference/findings.md       the fields of a finding in the demo, each of which the page must tell
    docs/SUMMARY.md                  the pages of detections, between the marks
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- made by `./dev book write` -->"


def asked(*words: str) -> str:
    """What the program prints, at the width of a pipe, whatever the file is called."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ROLECALL")}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "rolecall")
        program.symlink_to(Path(os.environ["ROLECALL"]).resolve())
        done = subprocess.run([program, *words], capture_output=True, text=True, env=env, cwd=folder)
    if done.returncode:
        sys.exit(f"rolecall {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def rows(*words: str) -> list[dict]:
    return [json.loads(line) for line in asked(*words, "--format", "json").splitlines()]


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


# --- The commands -----------------------------------------------------------------------------------------------


def sections(text: str) -> dict[str, str]:
    """A help by its headings; what stands before the first is under ''."""
    parts = re.split(r"^(Usage|Arguments|Options|Commands|Examples|Exit codes|Environment):[ ]?", text, flags=re.MULTILINE)
    return {"": parts[0].strip(), **{name: body.strip("\n") for name, body in zip(parts[1::2], parts[2::2])}}


def entries(text: str) -> list[tuple[str, str]]:
    """The arguments or options of a help: how each is written, and what it does."""
    found = []
    for part in re.split(r"^(?=\s{2,6}[-<\[])", text, flags=re.MULTILINE):
        if part.strip():
            head, _, about = part.strip().partition("\n")
            found.append((head.strip(), about))
    return found


def listed(items: list[tuple[str, str]]) -> str:
    """Entries as a list, one line each; the possible values of one as a list below it."""
    lines = []
    for head, about in items:
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", about.strip())]
        choices = [part for part in paragraphs if part.startswith("Possible values:")]
        told = " ".join(part for part in paragraphs if part not in choices).replace("] [", "; ")
        told = re.sub(r"\[((?:default|env|possible values): [^\]]*)\]", r"(\1)", told)
        lines.append(f"- `{head}`: {told.replace('<', '&lt;')}")
        for choice in choices:
            lines += [f"  - `{name}`: {what.strip()}" for name, what in
                      re.findall(r"- (\w+):(.*?)(?= - |$)", choice.removeprefix("Possible values:"))]
    return "\n".join(lines)


def fenced(text: str) -> str:
    lines = [line.removeprefix("  ") for line in text.splitlines()]
    return "```text\n" + "\n".join(lines).strip() + "\n```"


def cli() -> str:
    top = sections(asked("--help"))
    everywhere = entries(top["Options"])
    shared = {head for head, _ in everywhere}
    names = re.findall(r"^  (\w\S*)  ", top["Commands"], re.MULTILINE)
    parts = [
        "# Commands", MADE, "What `rolecall --help` and `rolecall COMMAND --help` say.",
        fenced("rolecall [OPTIONS] COMMAND"), "## Options of every command", listed(everywhere),
        "## Exit codes", fenced(top["Exit codes"]), "## Environment", fenced(top["Environment"]),
    ]
    for name in names:
        if name == "help":
            continue
        told = sections(asked(name, "--help"))
        parts += [f"## `rolecall {name}`", told[""].replace("<", "&lt;"), fenced(told["Usage"])]
        own = entries(told.get("Arguments", "")) + \
            [(head, about) for head, about in entries(told.get("Options", "")) if head not in shared]
        if own:
            parts.append(listed(own))
        if "Examples" in told:
            parts.append(fenced(told["Examples"]))
    return "\n\n".join(parts) + "\n"


# --- Tables and functions ------------------------------------------------------------------------------------------


def tables(kinds: dict[str, str]) -> list[str]:
    """A section for each kind, with a part for each table of it."""
    listing, parts = rows("tables"), []
    for kind, heading in kinds.items():
        parts.append(f"## {heading}" if heading else "")
        for table in (row for row in listing if row["kind"] == kind):
            parts += [f"### `{table['name']}`", table["about"].replace("<", "&lt;"), "\n".join([
                "| column | holds | type |", "| --- | --- | --- |",
                *(f"| `{row['column']}` | {cell(row['about'])} | {row['kind']}{' or NULL' if row['null'] else ''} |"
                  for row in rows("tables", table["name"]))])]
    return [part for part in parts if part]


def tables_page() -> str:
    return "\n\n".join([
        "# Tables", MADE,
        "What `rolecall tables` and `rolecall tables NAME` say. Tables are stored as Delta tables, one folder each,\n"
        "by the UTC day in the column `date`. Views are made of them when they are asked. Times are UTC. Accounts are\n"
        "text of twelve digits.",
        *tables({"table": "Stored", "view": "Views"}),
        "## Known", "Tables of what the organisation knows come from `rolecall.toml`:\n"
        "[Configuration](configuration.md#the-tables-that-are-asked) has their columns."]) + "\n"


def functions_page() -> str:
    parts = ["# SQL functions", MADE, "Beside the functions of DataFusion, `rolecall sql`, detections and reports have these."]
    for row in rows("tables"):
        if row["kind"] == "function":
            _, about, example = (asked("tables", row["name"].partition("(")[0]) + "\n\n").split("\n", 2)
            parts += [f"## `{row['name']}`", about, "```sql\n" + example.strip() + "\n```"]
    return "\n\n".join(parts) + "\n"


def between(page: Path, parts: dict[str, str]) -> str:
    """A page whose parts between these marks are these texts."""
    whole = page.read_text()
    for mark, text in parts.items():
        begin, end = f"<!-- {mark}: made by `./dev book write` -->", f"<!-- end of {mark} -->"
        before, _, rest = whole.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            sys.exit(f"{page} lacks the marks `{begin}` and `{end}`")
        whole = f"{before}{begin}\n{text}\n{end}{after}"
    return whole


def detections() -> str:
    """The detections in the summary, in the order of their overview."""
    overview = (DOCS / "detections/README.md").read_text()
    names = list(dict.fromkeys(re.findall(r"\(([a-z0-9-]+)\.md\)", overview)))
    titles = {name: (DOCS / f"detections/{name}.md").read_text().partition("\n")[0].removeprefix("# ") for name in names}
    pages = [f"  - [{titles[name]}](detections/{name}.md)" for name in names]
    return "\n".join(["- [All detections](detections/README.md)", *pages])


def findings() -> list[str]:
    """The fields of findings, as the demo prints them, of which the page says nothing."""
    page = (DOCS / "reference/findings.md").read_text()
    fields = {field for row in rows("demo") if "schema" in row for field in row}
    if not fields:
        sys.exit("`rolecall demo --format json` printed no finding")
    return sorted(field for field in fields if f"| `{field}` |" not in page)


def main() -> int:
    writes = sys.argv[1:] == ["write"]
    toml = {name: (ROOT / f"crates/known/{name}.toml").read_text().strip() for name in ("example", "defaults")}
    known = {"tables": "\n\n".join(tables({"known": ""})), "sample": f"```toml\n{toml['example']}\n```",
             "defaults": f"```toml\n{toml['defaults']}\n```"}
    pages = {
        DOCS / "reference/cli.md": cli(),
        DOCS / "reference/tables.md": tables_page(),
        DOCS / "reference/functions.md": functions_page(),
        DOCS / "reference/configuration.md": between(DOCS / "reference/configuration.md", known),
        DOCS / "SUMMARY.md": between(DOCS / "SUMMARY.md", {"detections": "\n" + detections() + "\n"}),
    }
    stale = [page for page, text in pages.items() if not page.exists() or page.read_text() != text]
    for page in stale if writes else []:
        page.write_text(pages[page])
    for page in [] if writes else stale:
        print(f"{page.relative_to(ROOT)} is not current: run `./dev book write`", file=sys.stderr)
    untold = findings()
    for field in untold:
        print(f"docs/reference/findings.md does not tell of the field `{field}`", file=sys.stderr)
    return 1 if untold or (stale and not writes) else 0


if __name__ == "__main__":
    sys.exit(main())
