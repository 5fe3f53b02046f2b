"""Plays somebody at a terminal: `terminal.py PROGRAM ARGUMENT…` runs the program on one, and ends as it does.

Standard input says what is done, a line of JSON each: ["type", TEXT], or ["see", TEXT], which waits until the text is
on the screen, after what was seen before. All that came to the screen goes to standard output.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

# How long somebody looks at the screen for one text, in seconds: only a program that is stuck takes so long.
PATIENCE = 60

STEERS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


class Screen:
    """What came, without what only steers a terminal."""

    def __init__(self, terminal: int) -> None:
        self.terminal, self.raw, self.seen = terminal, b"", 0

    def text(self) -> str:
        return STEERS.sub(b"", self.raw).decode(errors="replace")

    def more(self, seconds: float) -> bool:
        """Waits for more to come; false if none does, or the program has ended."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self.terminal, 65536)
        except OSError:  # Linux, when the last program has left the terminal
            return False
        self.raw += part
        return part != b""

    def see(self, text: str) -> None:
        until = time.monotonic() + PATIENCE
        while (at := self.text().find(text, self.seen)) < 0:
            if not self.more(max(0, until - time.monotonic())):
                before, after = self.text()[: self.seen], self.text()[self.seen :]
                sys.exit(f"{text!r} did not come to the screen, after\n{before}\n---\n{after}")
        self.seen = at + len(text)


def main() -> int:
    steps = [json.loads(line) for line in sys.stdin]
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 120, 0, 0))
        os.execv(sys.argv[1], sys.argv[1:])
    screen = Screen(terminal)
    for act, text in steps:
        if act == "type":
            os.write(terminal, text.encode())
        else:
            screen.see(text)
    while screen.more(PATIENCE):
        pass
    print(screen.text())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main())
