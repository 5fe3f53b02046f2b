"""Runs what replaces rolecall's functions, and holds it against the functions' own documented examples.

Trino cannot be had as a package. DuckDB has what the replacements without addresses use, under the same or another name
that sqlglot knows. Those with addresses need types that only Trino has: of them it is shown that they are Trino.
"""

import re
import unittest

import duckdb
import sqlglot

from replace import REPLACEMENTS, ROOT, functions, like, replaced

WITH_ADDRESSES = {"is_address", "is_private_address", "in_cidr", "network_of"}


def null_without_a_match(node: sqlglot.exp.Expression) -> sqlglot.exp.Expression:
    """Where a pattern does not fit, Trino gives NULL and DuckDB an empty text."""
    if isinstance(node, sqlglot.exp.RegexpExtract) and not isinstance(node.parent, sqlglot.exp.Nullif):
        return sqlglot.exp.Nullif(this=node.copy(), expression=sqlglot.exp.Literal.string(""))
    return node


def value(name: str, *arguments: str | None):
    """What the replacement of a function gives in DuckDB."""
    literals = [sqlglot.exp.Null() if text is None else sqlglot.exp.Literal.string(text) for text in arguments]
    # Through a column, so that `glob` does not see its pattern written out.
    columns = [sqlglot.exp.column(f"c{place}") for place in range(len(arguments))]
    expression = replaced(name, columns).transform(null_without_a_match).sql("duckdb")
    rows = ", ".join(f"CAST({literal.sql('duckdb')} AS VARCHAR) AS c{place}" for place, literal in enumerate(literals))
    return duckdb.execute(f"SELECT {expression} FROM (SELECT {rows})").fetchone()[0]


class Replacements(unittest.TestCase):
    def test_every_function_has_one_or_is_known_to_have_none(self):
        self.assertEqual(set(functions()) - set(REPLACEMENTS), {"account_of_key"})
        self.assertEqual(set(REPLACEMENTS) - set(functions()), set())

    def test_the_documented_examples_hold(self):
        source = (ROOT / "crates/query/src/functions/names.rs").read_text()
        examples = re.findall(r"\"(\w+)\('([^']*)'\) = '([^']*)'\"", source)
        tried = [(name, given, expected) for name, given, expected in examples if name in REPLACEMENTS]
        self.assertGreaterEqual(len(tried), 4)
        for name, given, expected in tried:
            self.assertEqual(value(name, given), expected, f"{name}({given})")

    def test_names_in_arns(self):
        for name, arn, expected in [
            ("role_name", "arn:aws:iam::111111111111:role/build", "build"),
            ("role_name", "arn:aws:sts::111111111111:assumed-role/build/run-7", "build"),
            ("role_name", "arn:aws:iam::111111111111:user/ana", None),
            ("role_name", None, None),
            ("session_name", "arn:aws:sts::111111111111:federated-user/ana", "ana"),
            ("session_name", "arn:aws:sts::111111111111:assumed-role/build/run:7", "run:7"),
            ("session_name", "arn:aws:iam::111111111111:role/build", None),
            ("account_of_arn", "arn:aws-cn:iam::222222222222:root", "222222222222"),
            ("account_of_arn", "arn:aws:iam::aws:policy/ReadOnlyAccess", None),
            ("account_of_arn", "no arn", None),
        ]:
            self.assertEqual(value(name, arn), expected, f"{name}({arn})")

    def test_clients_are_those_of_the_source(self):
        source = (ROOT / "crates/model/src/client.rs").read_text()
        examples = re.findall(r'\("([^"]*)", "([^"]*)"\)', source[source.index("mod tests"):])
        self.assertGreaterEqual(len(examples), 9)
        for agent, expected in examples:
            self.assertEqual(value("client_of", agent), expected, agent)
        self.assertIsNone(value("client_of", None))

    def test_names_of_apis(self):
        for name, expected in [("ListUsers", True), ("AssumeRoleWithSAML", True), ("CreateUser", False),
                               ("ForgetDevice", False), (None, None)]:
            self.assertEqual(value("only_reads", name), expected, name)

    def test_globs(self):
        for text, pattern, expected in [
            ("arn:aws:iam::111111111111:role/ci-7", "arn:aws:iam::*:role/ci-?", True),
            ("arn:aws:iam::111111111111:role/ci-77", "arn:aws:iam::*:role/ci-?", False),
            ("a_b", "a_b", True), ("axb", "a_b", False),
            ("100%", "100%", True), ("1000", "100%", False),
            ("wow!", "wow!", True), ("Build", "build", False),
            ("", "*", True), (None, "*", None),
        ]:
            self.assertEqual(value("glob", text, pattern), expected, f"{text} {pattern}")
        self.assertEqual(like("a_b*c?d%!"), "a!_b%c_d!%!!")

    def test_those_with_addresses_are_trino(self):
        for name in WITH_ADDRESSES:
            arguments = [sqlglot.exp.column("address"), sqlglot.exp.column("networks")]
            written = replaced(name, arguments if name == "in_cidr" else arguments[:1]).sql("trino")
            self.assertEqual(sqlglot.parse_one(written, read="trino").sql("trino"), written)


if __name__ == "__main__":
    unittest.main()
