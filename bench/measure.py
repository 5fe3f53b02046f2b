"""Runs a command, and prints its seconds and the peak of its memory: `12.34 210` (MiB).

    python3 measure.py COMMAND…

The command's own output goes to standard error; its exit code is passed on.
"""

import resource
import subprocess
import sys
import time

start = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=sys.stderr, check=False)
seconds = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"{seconds:.3f} {peak}")
sys.exit(done.returncode)
