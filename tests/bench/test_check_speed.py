"""Checking a file of 1000 scenarios, as a ratio to reading the same file with pandas."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dualcarbon as dc
from bench.measure import best_by_turns, table
from dualcarbon import api
from dualcarbon.explore.checking import check_reported
from dualcarbon.output.iamc.reading import read_iamc
from dualcarbon.tables.variables import read_variables

SCENARIOS, VARIABLES = 1000, 50


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1000 scenarios x 50 variables x 41 years, wide: a run with noise, and ten names not known here."""
    run = dc.run("current-policies")
    variables = list(read_variables(api.open_library()).values())
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("check") / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        years = run.years[run.years >= 2020]
        file.write(f"model,scenario,region,variable,unit,{','.join(map(str, years))}\n")
        for number in range(SCENARIOS):
            for k in range(VARIABLES):
                one = variables[k % len(variables)]
                name = one.iamc if k < len(variables) else f"Price|Something|{k}"
                values = run.results[one.key][-years.size :] * one.factor * one.iamc_factor
                noisy = values * (1.0 + 0.1 * rng.standard_normal())
                cells = ",".join(f"{value:.10g}" for value in noisy)
                file.write(f'm,s{number},China,"{name}",{one.iamc_unit},{cells}\n')
    return path


def test_check_of_a_thousand_scenarios(big: Path) -> None:
    library = api.open_library()
    reported = read_iamc(big, library)
    assert len(reported.scenarios) == SCENARIOS
    best = best_by_turns(
        {
            "pandas.read_csv alone": lambda: pd.read_csv(big),
            "read, every fault looked for": lambda: read_iamc(big, library),
            "check what was read": lambda: check_reported(reported, library),
            "dualcarbon.check_pathway": lambda: dc.check_pathway(big, data=library),
        },
        rounds=2,
    )
    tracemalloc.start()
    dc.check_pathway(big, data=library)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    rows = [("", "s", "of pandas.read_csv")]
    for name, seconds in best.items():
        rows.append((name, f"{seconds:.2f}", f"{seconds / best['pandas.read_csv alone']:.1f}"))
    size = big.stat().st_size / 1e6
    rows.append((f"peak memory {peak:.0f} MB; the file has {size:.0f} MB", "", ""))
    table(f"check of {SCENARIOS} scenarios x {VARIABLES} variables x 41 years", rows)
