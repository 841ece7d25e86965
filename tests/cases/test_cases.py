"""Published figures as data: each case of the YAML files beside this one, computed and compared.

A case says what it is and its source, names the measure (a function below), what that is taken of and
the unit. What is expected is ``expect`` with ``tolerance`` or ``tolerance_percent``, or bounds:
``at_least`` and ``at_most``, or ``above`` and ``below``, which leave the bound itself out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import dualcarbon as dc
from dualcarbon.analysis import indicators
from dualcarbon.axes import at
from dualcarbon.core.drivers import compound
from dualcarbon.paths import data_folder
from dualcarbon.project import pathway
from dualcarbon.tables import Library
from dualcarbon.tables.levers import lever_anchors, read_levers
from dualcarbon.tables.variables import read_variables
from strategies import random_inputs

HERE = Path(__file__).parent
LIBRARY = Library(data_folder())
REFERENCE = "current-policies"

KEYS = {"case", "source", "measure", "of", "unit"}
BOUNDS: dict[str, Callable[[float, float], bool]] = {
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "above": lambda value, bound: value > bound,
    "below": lambda value, bound: value < bound,
}


@cache
def run(scenario: str) -> dc.Run:
    return dc.run(scenario)


# measures


def level(variable: str, year: int, scenario: str = REFERENCE) -> float:
    """A variable in a year, in the registry's unit."""
    value = float(run(scenario).results.in_year(variable, year))
    return value * read_variables(LIBRARY)[variable].factor


def change(variable: str, scenario: str = REFERENCE, **years: int) -> float:
    """Change of a variable between two years, percent."""
    one = run(scenario)
    since = indicators.change_since(one[variable], one.years, years["from"])
    return float(since[at(one.years, years["to"])]) * 100.0


def peak_year(scenario: str) -> float:
    one = run(scenario)
    return float(indicators.peak(one["eip_co2"], one.years, one.results.base_year).year)


def co2_growth(gdp_growth: float, carbon_intensity_cut: float, years: int) -> float:
    """Growth of energy CO2 over some years in a country whose fuels and factors stay as they are, percent."""
    first = random_inputs(1, (), years + 1)
    steady = {name: np.full(years + 1, a[0]) for name, a in first.arrays().items() if a.ndim}
    steady["gdp_growth"] = np.full(years + 1, gdp_growth / 100.0)
    a_year = (1.0 - carbon_intensity_cut / 100.0) ** (1.0 / years) - 1.0
    steady["energy_intensity_change"] = np.full(years + 1, a_year)
    co2 = pathway(replace(first, **steady), ("energy_co2",))["energy_co2"]
    return float(co2[-1] / co2[0] - 1.0) * 100.0


def statements(ids: list[str]) -> list[float]:
    """Official statements on intensity as fractions; each begins where the one before ends."""
    by_id = {row["id"]: row for row in LIBRARY["intensity"].rows}
    rows = [by_id[name] for name in ids]
    assert [row["year_from"] for row in rows[1:]] == [row["year_to"] for row in rows[:-1]]
    assert len({row["scope"] for row in rows}) == 1
    return [float(row["value"]) / 100.0 for row in rows]


def chained_statements(ids: list[str]) -> float:
    """Official changes one after the other, percent."""
    level = compound(np.asarray(1.0), np.array([0.0, *statements(ids)]))
    return float(level[-1] - 1.0) * 100.0


def cut_needed(target: float, ids: list[str]) -> float:
    """What is still to be cut after some statements, to be ``target`` percent below their first year."""
    reached = 1.0 + chained_statements(ids) / 100.0
    return (1.0 - (1.0 - target / 100.0) / reached) * 100.0


def gdp_moved_by_reading_averages_as_rates(year: int) -> float:
    """GDP with the table's averages read as rates in the year, against the right reading, percent."""
    years, rates = lever_anchors(LIBRARY, read_levers(LIBRARY)["gdp_growth"], "reference")
    anchors = ", ".join(f"{y}: {rate * 100:.6f} %" for y, rate in zip(years, rates, strict=True))
    wrong = dc.run(REFERENCE, change=[f"gdp_growth={{{anchors}}}"])
    return (
        float(wrong.results.in_year("gdp", year) / run(REFERENCE).results.in_year("gdp", year) - 1.0) * 100.0
    )


MEASURES: dict[str, Callable[..., float]] = {
    one.__name__: one
    for one in (
        level,
        change,
        peak_year,
        co2_growth,
        chained_statements,
        cut_needed,
        gdp_moved_by_reading_averages_as_rates,
    )
}


# cases

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(HERE.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_case_says_what_whence_and_how_close(case: dict[str, Any]) -> None:
    expected = set(case) - KEYS
    assert set(case) >= KEYS
    assert len(case["source"]) > 10
    exact = ({"expect", "tolerance"}, {"expect", "tolerance_percent"})
    assert expected in exact or (expected and expected <= set(BOUNDS))


@pytest.mark.parametrize("case", CASES)
def test_a_published_figure_is_met(case: dict[str, Any]) -> None:
    value = MEASURES[case["measure"]](**case["of"])
    if "expect" in case:
        tolerance = case.get("tolerance", case.get("tolerance_percent", 0) / 100 * abs(case["expect"]))
        assert abs(value - case["expect"]) <= tolerance, f"{value:.6g} {case['unit']}"
    for name, holds in BOUNDS.items():
        if name in case:
            assert holds(value, case[name]), f"{value:.6g} {case['unit']}"


def test_every_measure_is_used() -> None:
    assert {param.values[0]["measure"] for param in CASES} == set(MEASURES)
