"""What stands for rolecall's own SQL functions where there are none: expressions of Trino, and so of Athena.

`{0}` and `{1}` are the arguments. The families of clients and the verbs that read are read from the source, so that they
stay the same.
"""

import re
from pathlib import Path

import sqlglot
from sqlglot import exp

ROOT = Path(__file__).resolve().parent.parent.parent

ARN = "^arn:([^:]*:){{4}}"
ADDRESS = "TRY_CAST({0} AS IPADDRESS)"
TEXT = f"CAST({ADDRESS} AS VARCHAR)"
IS_V4 = f"REGEXP_LIKE({TEXT}, '^[0-9.]+$')"
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
           "0.0.0.0/32", "fc00::/7", "fe80::/10", "::1/128", "::/128"]


def families() -> list[tuple[str, str]]:
    """The marks of clients and their families, in order."""
    source = (ROOT / "crates/model/src/client.rs").read_text()
    table = source[source.index("const FAMILIES"):source.index("];")]
    return re.findall(r'\("([^"]+)", "([^"]+)"\)', table)


def only_reads() -> str:
    """Whether a name begins with one of the words of the source."""
    source = (ROOT / "crates/model/src/api.rs").read_text()
    words = re.findall(r'"(\w+)"', re.search(r"const READS.*= \[(.*)\];", source)[1])
    return f"REGEXP_LIKE({{0}}, '^({'|'.join(words)})')"


def client_of() -> str:
    lower = "LOWER(REGEXP_REPLACE({0}, '^[\\[\\]]+|[\\[\\]]+$', ''))"
    is_service = (f"REGEXP_LIKE({lower}, '[.]amazonaws[.]com$') AND STRPOS({lower}, 'console') = 0 "
                  f"AND STRPOS({lower}, 'signin') = 0")
    known = " ".join(f"WHEN STRPOS({lower}, '{mark}') > 0 THEN '{family}'" for mark, family in families())
    word = f"COALESCE(REGEXP_EXTRACT({lower}, '^[^/ ,;]+'), 'unknown')"
    return f"CASE WHEN {{0}} IS NULL THEN NULL WHEN {is_service} THEN {lower} {known} ELSE {word} END"


def any_network(networks: str) -> str:
    """Whether the address lies in one of an array of networks; a plain address is a network of one."""
    length = "IF(STRPOS(c, ':') > 0, '/128', '/32')"
    network = f"IF(STRPOS(c, '/') > 0, c, c || {length})"
    return f"COALESCE(ANY_MATCH({networks}, c -> CONTAINS({network}, {ADDRESS})), FALSE)"


REPLACEMENTS = {
    "account_of_arn": "REGEXP_EXTRACT({0}, '^arn:[^:]*:[^:]*:[^:]*:([0-9]{{12}}):', 1)",
    "role_name": f"COALESCE(REGEXP_EXTRACT({{0}}, '{ARN}assumed-role/([^/]*)', 2), "
                 f"REGEXP_EXTRACT({{0}}, '{ARN}role/(.*/)?([^/]*)$', 3))",
    "session_name": f"COALESCE(REGEXP_EXTRACT({{0}}, '{ARN}federated-user/(.*)$', 2), "
                    f"REGEXP_EXTRACT({{0}}, '{ARN}assumed-role/[^/]*/(.*)$', 2))",
    "client_of": client_of(),
    "only_reads": only_reads(),
    "glob": "{0} LIKE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE({1}, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%'), "
            "'?', '_') ESCAPE '!'",
    "is_address": f"CASE WHEN {{0}} IS NOT NULL THEN {ADDRESS} IS NOT NULL END",
    "is_private_address": "CASE WHEN {0} IS NOT NULL THEN "
                          + any_network("ARRAY[" + ", ".join(f"'{net}'" for net in PRIVATE) + "]") + " END",
    "in_cidr": "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN "
               + any_network("REGEXP_SPLIT(TRIM({1}), '[, ]+')") + " END",
    "network_of": f"CASE WHEN {ADDRESS} IS NULL THEN {{0}} "
                  f"WHEN {IS_V4} THEN REGEXP_EXTRACT({TEXT}, '^[0-9]+[.][0-9]+[.][0-9]+[.]') || '0/24' "
                  f"ELSE CAST(CAST(SUBSTR(CAST({ADDRESS} AS VARBINARY), 1, 6) || X'00000000000000000000' "
                  "AS IPADDRESS) AS VARCHAR) || '/48' END",
}


def functions() -> list[str]:
    """The names of rolecall's functions, from the source that registers them."""
    sources = (ROOT / "crates/query/src/functions").glob("*.rs")
    found = [name for source in sources
             for name in re.findall(r'(?:name: |of_text!\(\s*)"([a-z_]+)"', source.read_text())]
    return sorted(found)


def like(pattern: str) -> str:
    """A pattern of `glob` as one of LIKE, with `!` before what LIKE would take for its own."""
    return re.sub(r"[!%_]", r"!\g<0>", pattern).replace("*", "%").replace("?", "_")


def replaced(name: str, arguments: list[exp.Expression]) -> exp.Expression | None:
    """The expression that stands for a call; None if there is none."""
    if name == "glob" and isinstance(arguments[1], exp.Literal):
        pattern = like(arguments[1].name)
        found = exp.Like(this=arguments[0].copy(), expression=exp.Literal.string(pattern))
        return exp.paren(exp.Escape(this=found, expression=exp.Literal.string("!")) if "!" in pattern else found)
    if name not in REPLACEMENTS or (name == "network_of" and len(arguments) > 1):
        return None
    text = REPLACEMENTS[name].format(*(argument.sql("trino") for argument in arguments))
    return exp.paren(sqlglot.parse_one(text, read="trino"))
