"""Export of 1000 scenarios x 50 variables x 41 years to CSV, against pandas and (where installed) pyam.

``make bench-exchange`` runs this in the environment that has pyam. Each writer starts from what its user has
in hand (arrays, a wide frame, an IamDataFrame); making those is not timed.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from bench.measure import at_least, at_most, best_by_turns, table
from dualcarbon import api
from dualcarbon.output.iamc import writing
from dualcarbon.output.iamc.vocabulary import read_vocabulary
from dualcarbon.output.tabular import IAMC_COLUMNS, NUMBER, REGION

SCENARIOS, FIRST_YEAR, YEARS = 1000, 2020, 41
HAS_PYAM = importlib.util.find_spec("pyam") is not None


def make_series() -> writing.Series:
    """The exchange names with random levels, most of a size as in a run."""
    names = [(name.iamc, name.unit) for name in read_vocabulary(api.open_library()).names]
    rng = np.random.default_rng(2060)
    values = rng.lognormal(3.0, 3.0, (SCENARIOS, len(names), YEARS))
    years = np.arange(FIRST_YEAR, FIRST_YEAR + YEARS)
    scenarios = [f"scenario-{k:04d}" for k in range(SCENARIOS)]
    return writing.Series(["model 1"] * SCENARIOS, scenarios, names, years, lambda k: values[k])


def make_frame(series: writing.Series) -> pd.DataFrame:
    """The same rows as a wide pandas frame."""
    numbers = np.concatenate([series.block(k) for k in range(SCENARIOS)])
    frame = pd.DataFrame(numbers, columns=[str(year) for year in series.years])
    variables, units = zip(*series.variables, strict=True)
    labels = [
        ["model 1"] * len(frame),
        np.repeat(series.scenarios, len(variables)),
        [REGION] * len(frame),
        list(variables) * SCENARIOS,
        list(units) * SCENARIOS,
    ]
    for place, (column, cells) in enumerate(zip(IAMC_COLUMNS, labels, strict=True)):
        frame.insert(place, column, cells)
    return frame


def traced(action: Callable[[], object]) -> float:
    """MB that an action holds at its peak, beyond what was there before."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


OURS, PLAIN, DIGITS, PYAM = "dualcarbon", "pandas", f"pandas, {NUMBER}", "pyam"


def test_export_to_csv(tmp_path: Path) -> None:
    """Best of 5 by turns; peak of what Python allocates; the whole process by its resident peak."""
    series = make_series()
    frame = make_frame(series)
    places = {name: tmp_path / f"{k}.csv" for k, name in enumerate((OURS, PLAIN, DIGITS, PYAM))}
    cases: dict[str, Callable[[], object]] = {
        OURS: lambda: writing.write_csv(places[OURS], series, "wide"),
        PLAIN: lambda: frame.to_csv(places[PLAIN], index=False),
        DIGITS: lambda: frame.to_csv(places[DIGITS], index=False, float_format=NUMBER),
    }
    if HAS_PYAM:
        import pyam

        scenarios = pyam.IamDataFrame(frame)
        cases[PYAM] = lambda: scenarios.to_csv(places[PYAM])
    best = best_by_turns(cases, rounds=5)
    assert places[OURS].read_bytes() == places[DIGITS].read_bytes()

    data = SCENARIOS * len(series.variables) * YEARS * 8 / 1e6
    rows = [("", "s", "times ours", "", "MB at peak", "of the data", "")]
    for name, seconds in best.items():
        ratio = seconds / best[OURS]
        peak = traced(cases[name])
        speed = "" if name == OURS else at_least(ratio, 3.0)
        memory = at_most(peak / data, 2.0) if name == OURS else ""
        rows.append(
            (name, f"{seconds:.2f}", f"{ratio:.1f}", speed, f"{peak:.1f}", f"{peak / data:.2f}", memory)
        )
    if not HAS_PYAM:
        rows.append(
            (
                PYAM,
                "not installed here: make bench-exchange",
            )
        )
    table(f"{SCENARIOS} scenarios x {len(series.variables)} variables x {YEARS} years to CSV", rows)


WHOLE_PROCESS = """
import resource, sys, numpy as np
from pathlib import Path
from bench.test_export_speed import make_series
from dualcarbon.output.iamc import writing
series = make_series()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
writing.write_csv(Path(sys.argv[1]), series, "wide")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_memory_of_the_whole_process(tmp_path: Path) -> None:
    """What the export adds to the peak of a process that holds the data already."""
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_PROCESS, tmp_path / "a.csv"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    data = SCENARIOS * 50 * YEARS * 8 / 1e6
    added = float(done.stdout)
    verdict = at_most(1 + added / data, 2.0)
    rows = [("", "MB"), ("data", f"{data:.1f}"), ("added by the export", f"{added:.1f}", verdict)]
    table("resident memory, data and export", rows)
