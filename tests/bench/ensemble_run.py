"""One ensemble in a process of its own, for test_ensemble_speed.py: prints time and memory as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time


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
                "parent_mb": own.ru_maxrss / 1e3,
                "worker_mb": children.ru_maxrss / 1e3,
                "quantile_error": found.now.quantile_error,
                "effective": found.now.effective,
            }
        )
    )


if __name__ == "__main__":
    main()
