"""Lets the programs of this folder import what lies beside it: infra/ and infra/gate/. Imported before those."""

import sys
from pathlib import Path

INFRA = Path(__file__).resolve().parent.parent
sys.path += [str(INFRA), str(INFRA / "gate")]
