"""Inputs that the benchmarks share: one scenario from the bundled data, and random draws around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dualcarbon.axes import at
from dualcarbon.build import build
from dualcarbon.inputs import Inputs
from dualcarbon.paths import data_folder
from dualcarbon.project import pathway
from dualcarbon.scenario import read_scenario
from dualcarbon.tables import Library


@pytest.fixture(scope="session")
def one_scenario(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """The reference pathway of every lever, 2000-2060."""
    path: Path = tmp_path_factory.mktemp("bench") / "reference.yaml"
    path.write_text("name: reference\n")
    return build(read_scenario(path), Library(data_folder())).inputs


@pytest.fixture(scope="session")
def draws(one_scenario: Inputs) -> Callable[[int], Inputs]:
    """Inputs of so many draws from the base year: levers (member, year) in Fortran order, factors (year)."""
    history = pathway(one_scenario, ("gdp", "energy_total"))
    base = at(one_scenario.years, one_scenario.base_year)
    ahead = {name: a[base:] for name, a in one_scenario.arrays().items() if a.ndim == 1}
    rates = ("gdp_growth", "energy_intensity_change")
    scaled = ("coal_share", "oil_share", "gas_share", "process_co2", "capture_rate", "beccs", "dac")
    scaled = (*scaled, "land_sink", "non_co2")

    @cache
    def of(members: int) -> Inputs:
        rng = np.random.default_rng(2060)
        shape = (one_scenario.years.size - base, members)
        levers = {name: ahead[name] + rng.uniform(-0.01, 0.01, shape).T for name in rates}
        levers |= {name: ahead[name] * rng.uniform(0.9, 1.1, shape).T for name in scaled}
        levers["non_fossil_share"] = 1.0 - levers["coal_share"] - levers["oil_share"] - levers["gas_share"]
        first = {
            "gdp_first": np.asarray(history["gdp"][base]),
            "energy_first": np.asarray(history["energy_total"][base]),
        }
        return replace(one_scenario, years=one_scenario.years[base:], **(ahead | levers | first))

    return of
