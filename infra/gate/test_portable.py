"""Tests of what is said of a query: parameters without a value, functions that Trino lacks, and beginnings."""

import re
import unittest

from portable import BEGINNINGS, ROOT, STAND_INS, Query, begun, bound, translated


def flaws(sql: str, kind: str) -> list[str]:
    query = Query(kind, "planted", "a planted query")
    translated(query, bound(sql, STAND_INS[kind]))
    return query.flaws


class Portable(unittest.TestCase):
    def test_flaws_of_lookups_and_pages_are_found(self):
        good = "SELECT usage.hour FROM usage WHERE usage.access_key_id = ANY($keys) AND usage.hour < $until LIMIT 3"
        self.assertEqual(flaws(good, "lookup"), [])
        for what, sql, kind in [
            ("a parameter of a page", good.replace("ANY($keys)", "$slack"), "lookup"),
            ("a parameter of nobody", good.replace("$until", "$planted"), "lookup"),
            ("a function of PostgreSQL", good.replace("usage.hour <", "pg_sleep(usage.hour) <"), "lookup"),
            ("no SQL", good.replace("WHERE", "WHERE WHERE"), "lookup"),
            ("a function that nothing replaces", "SELECT account_of_key(edge.x) FROM edge", "page"),
        ]:
            self.assertTrue(flaws(sql, kind), what)

    def test_a_query_that_asks_a_beginning_begins_with_it(self):
        for kind, first in BEGINNINGS.items():
            texts = {name: text for name, _, text in begun(ROOT / f"queries/{kind}s", kind)}
            self.assertNotIn(first, texts)
            for name, text in texts.items():
                where = [text.find(words) for words in (f"{first} AS (", f"FROM {first}")]
                self.assertTrue(where == [-1, -1] or 0 <= where[0] < where[1], f"{kind} {name}: {where}")

    def test_every_stand_in_stands_for_something(self):
        for kind, parameters in STAND_INS.items():
            asked = {name for _, _, text in begun(ROOT / f"queries/{kind}s", kind) for name in re.findall(r"\$(\w+)", text)}
            self.assertEqual(asked - {"from", "until"}, set(parameters), kind)


if __name__ == "__main__":
    unittest.main()
