#!/usr/bin/env python3
"""Looks whether zips can run on Lambda, and writes their sizes: `bundles.py FOLDER` makes FOLDER/sizes.md.

A zip holds one executable `bootstrap` for its architecture, stripped, that asks for no C library newer than that of
`provided.al2023`, and is small enough to be uploaded and unpacked.

`bundles.py --programs FOLDER` makes such zips of the programs of a release build, stripped by `strip`, which comes with a
C compiler, and looks at them. They take a minute, and not the most of an hour. They are larger than those of
infra/bundle.sh, which cargo-lambda optimises as a whole, so that what is small enough here is so there. They ask for the
C library of this machine, which is not looked at.
"""

import platform
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FUNCTIONS = ["ingest", "poll", "detect", "upkeep", "notify"]
GLIBC = (2, 34)  # of Amazon Linux 2023
ZIP_LIMIT, UNPACKED_LIMIT = 50_000_000, 250_000_000  # of Lambda: an upload, and what it unpacks to
MACHINES = {"x86_64": 62, "arm64": 183}  # e_machine of ELF
SYMTAB = 2  # sh_type of a table of symbols, which stripping removes


def newest_glibc(binary: bytes) -> tuple[int, int]:
    """The newest version of the C library that a binary asks for."""
    found = {(int(major), int(minor)) for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", binary)}
    return max(found, default=(0, 0))


def machine(binary: bytes) -> int:
    """The machine that an ELF file is for; 0 if it is none."""
    return struct.unpack_from("<H", binary, 18)[0] if binary[:4] == b"\x7fELF" else 0


def is_stripped(binary: bytes) -> bool:
    """Whether a 64-bit ELF file has no table of symbols."""
    offset, = struct.unpack_from("<Q", binary, 40)
    size, count = struct.unpack_from("<HH", binary, 58)
    kinds = [struct.unpack_from("<I", binary, offset + place * size + 4)[0] for place in range(count)]
    return SYMTAB not in kinds


def pack(program: Path, path: Path, method: int = zipfile.ZIP_DEFLATED) -> None:
    """Makes the zip of a program."""
    with zipfile.ZipFile(path, "w", method) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, program.read_bytes(), method)


def flaws(path: Path, architecture: str, glibc: tuple[int, int] = GLIBC) -> tuple[list[str], int, tuple[int, int]]:
    """What is wrong with a zip where this C library is, the size of its binary, and the library that it asks for."""
    with zipfile.ZipFile(path) as archive:
        if archive.namelist() != ["bootstrap"]:
            return [f"it holds {', '.join(archive.namelist())}, not just `bootstrap`"], 0, (0, 0)
        mode, binary = archive.getinfo("bootstrap").external_attr >> 16, archive.read("bootstrap")
    found = []
    if not mode & 0o111:
        found.append("bootstrap is not executable")
    if machine(binary) != MACHINES[architecture]:
        return [*found, f"bootstrap is not for {architecture}"], len(binary), (0, 0)
    if not is_stripped(binary):
        found.append("bootstrap is not stripped")
    needed = newest_glibc(binary)
    if needed > glibc:
        found.append(f"bootstrap asks for glibc {needed[0]}.{needed[1]}, and Lambda has {glibc[0]}.{glibc[1]}")
    if path.stat().st_size > ZIP_LIMIT:
        found.append("the zip is larger than 50 MB")
    if len(binary) > UNPACKED_LIMIT:
        found.append("bootstrap is larger than 250 MB")
    return found, len(binary), needed


def of_programs(programs: Path) -> int:
    """Looks at zips of programs that were built for this machine."""
    architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / architecture
        folder.mkdir()
        for function in FUNCTIONS:
            stripped = Path(home) / function
            subprocess.run(["strip", "-o", stripped, programs / function], check=True)
            pack(stripped, folder / f"{function}.zip")
        return main(Path(home), (sys.maxsize, 0))


def main(folder: Path, glibc: tuple[int, int] = GLIBC) -> int:
    lines = ["| architecture | function | zip MB | binary MB | newest glibc |", "| --- | --- | ---: | ---: | ---: |"]
    wrong, times = [], []
    for architecture in sorted(name for name in MACHINES if (folder / name).is_dir()):
        for function in FUNCTIONS:
            path = folder / architecture / f"{function}.zip"
            if not path.exists():
                wrong.append(f"{architecture}/{function}: there is no zip")
                continue
            found, size, needed = flaws(path, architecture, glibc)
            wrong += [f"{architecture}/{function}: {flaw}" for flaw in found]
            lines.append(f"| {architecture} | {function} | {path.stat().st_size / 1e6:.1f} | {size / 1e6:.1f} "
                         f"| {needed[0]}.{needed[1]} |")
        seconds = folder / architecture / "seconds"
        if seconds.exists():
            times.append(f"{architecture}: built in {int(seconds.read_text())} s.")
    if len(lines) == 2:
        wrong.append(f"{folder}: there are no zips")
    text = "\n".join([*lines, "", *times]).rstrip() + "\n"
    (folder / "sizes.md").write_text(text)
    print(text, end="")
    for flaw in wrong:
        print(flaw, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--programs", programs]:
            sys.exit(of_programs(Path(programs)))
        case [zips]:
            sys.exit(main(Path(zips)))
    sys.exit(__doc__)
