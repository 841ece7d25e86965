"""One ensemble in a process of its own, for test_ensemble_speed.py: prints time and memory as JSON."""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path


def own_peak_mb() -> float:
    """Largest memory of this process; the usage of resources would count that of the one that started it."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.is_file() else None
    return (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1e3


def main() -> None:
    n, workers, history = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "history"
    started = time.perf_counter()
    import dualcarbon as dc

    found = dc.ensemble("current-policies", n=n, seed=7, workers=workers, history=history)
    wall = time.perf_counter() - started
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "wall": wall,
                "cpu": sum(usage.ru_utime + usage.ru_stime for usage in (own, children)),
                "parent_mb": own_peak_mb(),
                "worker_mb": children.ru_maxrss / 1e3,
                "quantile_error": found.now.quantile_error,
                "effective": found.now.effective,
            }
        )
    )


if __name__ == "__main__":
    main()
