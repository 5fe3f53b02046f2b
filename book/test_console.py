#!/usr/bin/env python3
"""What is shown and not printed is found, and so is a command that fails."""

import tempfile
import unittest
from pathlib import Path

from console import commands, fits, flaws

PAGE = """
```console
$ printf 'one\\ntwo\\nthree\\n'
one
…
$ cat <<'END'
> kept
> END
kept
```
```sh
$ false
```
"""


class Consoles(unittest.TestCase):
    def page(self, text: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.md")
            page.write_text(text)
            return flaws(page, Path("/bin/true"))

    def test_commands(self):
        self.assertEqual([command for command, _ in commands(PAGE)],
                         ["printf 'one\\ntwo\\nthree\\n'", "cat <<'END'\nkept\nEND"])

    def test_shown(self):
        for shown, says in [(["one", "two"], True), (["one", "…"], True), (["…", "two"], True), (["o…", "two"], True),
                            (["one"], False), (["two", "one"], False), (["one", "two", "three"], False), ([], False)]:
            with self.subTest(shown):
                self.assertEqual(fits("one\ntwo\n", shown), says)

    def test_pages(self):
        self.assertEqual(self.page(PAGE), [])
        self.assertIn("printed", self.page(PAGE.replace("one\n…", "four\n…"))[0])
        self.assertIn("ended with 3", self.page("```console\n$ exit 3\n```\n")[0])
        self.assertEqual(self.page("```console\n$ export X=7\n$ echo $X\n7\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
