"""Markdown: rendered by GitHub's own parser, raw HTML let through, it has the tags that we write and no other."""

from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

# Tags that we write, and the attributes that the parser adds for the language of a block.
OURS = {"h1", "h2", "h3", "p", "ul", "li", "strong", "pre", "code"}
ADDED = {"lang", "class"}


class Tags(HTMLParser):
    """Notes each tag that is not ours."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag not in OURS:
            self.found.append(f"<{tag}> at line {self.getpos()[0]} of the page")
        self.found += [f"`{name}` of <{tag}>" for name, _ in attrs if name not in ADDED]

    def handle_comment(self, data):
        self.found.append(f"a comment at line {self.getpos()[0]} of the page")


def faults(text: str) -> list[str]:
    """What is markup without being ours."""
    tags = Tags()
    tags.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    tags.close()
    return tags.found
