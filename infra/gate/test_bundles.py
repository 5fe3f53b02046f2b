"""Tests of the look into zips, with small ELF files made here."""

import struct
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import bundles  # noqa: E402 (it lies one folder up, for people to call)

TABLE, DYNAMIC = 2, 11


def elf(machine: int = 62, sections: tuple[int, ...] = (DYNAMIC,), text: bytes = b"GLIBC_2.2.5 GLIBC_2.34") -> bytes:
    """The least that the look needs: a header, sections of the given kinds, and text."""
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0, 0, 64, 0, 64, 0, 0,
                                                                   64, len(sections), 0)
    return header + b"".join(struct.pack("<II", 0, kind).ljust(64, b"\0") for kind in sections) + text


class Zips(unittest.TestCase):
    def look(self, binary: bytes, architecture: str = "x86_64", name: str = "bootstrap", mode: int = 0o755) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ingest.zip"
            with zipfile.ZipFile(path, "w") as archive:
                entry = zipfile.ZipInfo(name)
                entry.external_attr = mode << 16
                archive.writestr(entry, binary)
            return bundles.flaws(path, architecture)[0]

    def test_what_lambda_can_run_has_no_flaws(self):
        self.assertEqual(self.look(elf()), [])
        self.assertEqual(self.look(elf(machine=183), "arm64"), [])

    def test_each_flaw_is_told(self):
        for flaw, given in [
            ("newer", self.look(elf(text=b"GLIBC_2.34 GLIBC_2.35"))),
            ("symbols", self.look(elf(sections=(DYNAMIC, TABLE)))),
            ("machine", self.look(elf(machine=183))),
            ("no binary", self.look(b"#!/bin/sh\n")),
            ("name", self.look(elf(), name="ingest")),
            ("mode", self.look(elf(), mode=0o644)),
        ]:
            self.assertEqual(len(given), 1, f"{flaw}: {given}")

    def test_what_is_too_large_is_told(self):
        for limit, words in [("ZIP_LIMIT", "the zip is larger than 50 MB"),
                             ("UNPACKED_LIMIT", "bootstrap is larger than 250 MB")]:
            with mock.patch.object(bundles, limit, 100):
                self.assertEqual(self.look(elf()), [words])

    def test_a_program_is_packed_as_lambda_wants_it(self):
        with tempfile.TemporaryDirectory() as folder:
            program, path = Path(folder) / "ingest", Path(folder) / "ingest.zip"
            program.write_bytes(elf(text=b"GLIBC_2.99"))
            bundles.pack(program, path)
            self.assertEqual(bundles.flaws(path, "x86_64", (2, 99)), ([], program.stat().st_size, (2, 99)))

    def test_versions_are_numbers_and_no_texts(self):
        self.assertEqual(bundles.newest_glibc(b"GLIBC_2.4 GLIBC_2.34 GLIBC_2.5"), (2, 34))


if __name__ == "__main__":
    unittest.main()
