"""Wall time of the command line from a cold start, as a ratio to ``python -c "import numpy"``."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from itertools import count
from pathlib import Path

import pytest

from bench.measure import at_most, best_by_turns, table

NUMPY = 'python -c "import numpy"'
GOALS = {"dualcarbon --help": 1.0, "dualcarbon run current-policies": 3.0}


def find_command() -> str | None:
    """The `dualcarbon` beside this interpreter."""
    folders = (Path(sys.executable).parent, Path(sysconfig.get_path("scripts")))
    return next((str(f / "dualcarbon") for f in folders if (f / "dualcarbon").exists()), None)


def test_cold_start(tmp_path: Path) -> None:
    """Best of 15 by turns; no figure is drawn."""
    command = find_command()
    if command is None:
        pytest.skip("no dualcarbon command beside this interpreter")
    number = count()

    def call(*words: str) -> None:
        subprocess.run(words, check=True, cwd=tmp_path, stdout=subprocess.DEVNULL)

    best = best_by_turns(
        {
            NUMPY: lambda: call(sys.executable, "-c", "import numpy"),
            "dualcarbon --help": lambda: call(command, "--help"),
            "dualcarbon run current-policies": lambda: call(
                command, "run", "current-policies", "-o", f"out-{next(number)}"
            ),
        },
        rounds=15,
    )
    rows = [("", "ms", f"of {NUMPY}", "")]
    for name, seconds in best.items():
        ratio = seconds / best[NUMPY]
        verdict = at_most(ratio, GOALS[name]) if name in GOALS else ""
        rows.append((name, f"{seconds * 1e3:.0f}", f"{ratio:.2f}", verdict))
    table("cold start", rows)
