"""A test of the costs, with figures that can be reckoned by hand."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import costs  # noqa: E402 (it lies one folder up, for people to call)


class Costs(unittest.TestCase):
    def test_a_thousand_runs_for_two_million_events(self):
        run = {"runs": 1000, "seconds": 2000, "memory_mb": 512, "reads": 1_000_000, "writes": 10_000}
        measured = {"events": 2_000_000, "objects": 500_000, "architecture": "arm64", "findings": 0, "lake_gb": 1,
                    "log_gb": 0.1, "functions": {"ingest": run}}
        paid = dict(costs.parts(measured))
        self.assertAlmostEqual(paid["ingest: runs"], 0.0002)
        self.assertAlmostEqual(paid["ingest: compute"], 1000 * 0.0000133334)
        self.assertAlmostEqual(paid["ingest: requests to S3"], 0.4 + 0.05)
        self.assertAlmostEqual(paid["queue"], 0.24)
        # Half of all that, for a million.
        expected = (0.0002 + 0.0133334 + 0.45 + 0.24 + 0.023 + 0.05) / 2
        self.assertIn(f"**{expected:.4f}**", costs.table(measured))


if __name__ == "__main__":
    unittest.main()
