#!/usr/bin/env python3
"""Says which links lead nowhere: `links.py SITE` looks at a built site, and at the Markdown of the repository.

In the site, every `href` and `src` must name a file of the site, and a fragment an id of that page; a link that
leaves the site by a path is broken, for only the site is published. In Markdown, a relative link must name a file.
Links to other hosts are not asked, so that no network is needed.
"""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class Page(HTMLParser):
    """The ids of a page, and what it links to."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("id", "name") and value:
                self.ids.add(value)
            if name in ("href", "src") and value is not None:
                self.links.append(value)


def broken_in_site(site: Path) -> list[str]:
    """The broken links of a folder of HTML, as sentences."""
    site = site.resolve()
    # The page for addresses that do not exist is shown under any address, so its paths begin at the host.
    pages = {path: Page(path.read_text()) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    flaws = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            goal = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if goal.is_dir():
                goal /= "index.html"
            where = f"{path.relative_to(site)}: {link}"
            if not goal.is_relative_to(site):
                flaws.append(f"{where} leaves the site")
            elif not goal.is_file():
                flaws.append(f"{where} does not exist")
            elif parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].ids:
                flaws.append(f"{where} has no such anchor")
    return flaws


def broken_in_markdown(files: list[Path]) -> list[str]:
    """The relative links of Markdown files that name no file, as sentences."""
    flaws = []
    for file in files:
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", file.read_text(), flags=re.DOTALL | re.MULTILINE)
        for link in re.findall(r"\]\(([^)\s]+)\)", prose):
            parts = urlsplit(link)
            if not parts.scheme and parts.path and not (file.parent / unquote(parts.path)).exists():
                flaws.append(f"{file}: {link} does not exist")
    return flaws


def main() -> int:
    # Cases of queries hold cells of any text, and no links.
    names = subprocess.run(["git", "ls-files", "*.md", ":!queries"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in names.stdout.splitlines()]
    flaws = broken_in_site(Path(sys.argv[1])) + broken_in_markdown(files)
    for flaw in flaws:
        print(flaw, file=sys.stderr)
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main())
