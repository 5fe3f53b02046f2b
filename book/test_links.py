#!/usr/bin/env python3
"""A planted broken link is found, and a good one is not."""

import tempfile
import unittest
from pathlib import Path

from links import broken_in_markdown, broken_in_site


class Links(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = Path(folder.name)
        (self.site / "deep").mkdir()
        (self.site / "index.html").write_text('<h1 id="top">one</h1>')
        (self.site / "picture.svg").write_text("<svg/>")

    def flaws(self, html: str) -> list[str]:
        (self.site / "deep/page.html").write_text(f'<h1 id="here">page</h1>{html}')
        return broken_in_site(self.site)

    def test_good_links(self):
        html = ('<a href="#here">a</a><a href="../index.html#top">b</a><img src="../picture.svg">'
                '<a href="https://example.com/x#y">c</a><a href="..">d</a>')
        self.assertEqual(self.flaws(html), [])

    def test_planted_links(self):
        for link, says in [("../gone.html", "does not exist"), ("../index.html#gone", "no such anchor"),
                           ("#gone", "no such anchor"), ("../../etc/passwd", "leaves the site"),
                           ("gone.svg", "does not exist")]:
            with self.subTest(link):
                found = self.flaws(f'<a href="{link}">x</a>')
                self.assertEqual(len(found), 1)
                self.assertIn(says, found[0])

    def test_markdown(self):
        page = self.site / "page.md"
        page.write_text("[good](index.html) [far](https://example.com) `[code](gone.md)` [gone](gone.md#there)\n")
        self.assertEqual(broken_in_markdown([page]), [f"{page}: gone.md#there does not exist"])


if __name__ == "__main__":
    unittest.main()
