"""Golden runs catch drift: key variables of the bundled scenarios, as they were when last looked at."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

import dualcarbon as dc
from dualcarbon.scenario import bundled_scenarios
from golden_files import Golden, golden

HERE = Path(__file__).parent
VARIABLES = ("eip_co2", "net_co2", "net_ghg", "energy_total", "coal_share", "non_fossil_share", "gdp")
YEARS = (2000, 2010, 2025, 2030, 2035, 2040, 2050, 2060)

Read = Callable[[Path, Golden], Golden]


def values(name: str) -> Golden:
    """Key variables in inside units by year; null where statistics are missing."""
    results = dc.run(name).results
    return {key: {str(year): known(float(results.in_year(key, year))) for year in YEARS} for key in VARIABLES}


def known(value: float) -> float | None:
    return None if math.isnan(value) else value


def drift(now: Golden, then: Golden) -> list[str]:
    """Where two sets of values differ by more than 1e-9 of the golden one."""
    found = [] if list(now) == list(then) else [f"variables {', '.join(now)}; golden {', '.join(then)}"]
    for key in now.keys() & then.keys():
        for year in now[key].keys() | then[key].keys():
            new, old = now[key].get(year, "no such year"), then[key].get(year, "no such year")
            numbers = isinstance(new, float) and isinstance(old, float)
            if not (math.isclose(new, old, rel_tol=1e-9) if numbers else new == old):
                found.append(f"{key} {year}: {new}; golden {old}")
    return sorted(found)


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_bundled_scenario_has_not_drifted(name: str, read_golden: Read) -> None:
    now = values(name)
    assert drift(now, read_golden(HERE / f"{name}.json", now)) == []


def test_no_golden_file_is_left_without_its_scenario() -> None:
    assert {path.stem for path in HERE.glob("*.json")} == set(bundled_scenarios())


# the comparison itself can fail


def test_a_missing_golden_file_fails_and_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"^new\.json is missing; .*--update-golden writes it$"):
        golden(tmp_path / "new.json", {}, update=False)
    assert not list(tmp_path.iterdir())


def test_the_flag_writes_a_golden_file(tmp_path: Path) -> None:
    now = {"gdp": {"2000": 0.1 + 0.2, "2010": None}}
    assert golden(tmp_path / "new.json", now, update=True) == now
    assert json.loads((tmp_path / "new.json").read_text(encoding="utf-8")) == now


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ({"gdp": {"2000": 1.0, "2010": None}}, []),
        ({"gdp": {"2000": 1.0 + 1e-10, "2010": None}}, []),
        ({"gdp": {"2000": 1.5, "2010": None}}, ["gdp 2000: 1.0; golden 1.5"]),
        ({"gdp": {"2000": 1.0, "2010": 0.0}}, ["gdp 2010: None; golden 0.0"]),
        ({"gdp": {"2000": None, "2010": None}}, ["gdp 2000: 1.0; golden None"]),
        ({"gdp": {"2000": 1.0}}, ["gdp 2010: None; golden no such year"]),
        ({}, ["variables gdp; golden "]),
    ],
)
def test_the_comparison_sees_a_difference(then: Golden, found: list[str]) -> None:
    assert drift({"gdp": {"2000": 1.0, "2010": None}}, then) == found


def test_the_comparison_is_relative() -> None:
    assert drift({"gdp": {"2000": 1e6 + 1e-4}}, {"gdp": {"2000": 1e6}}) == []
    assert drift({"gdp": {"2000": 1e6 + 1e-2}}, {"gdp": {"2000": 1e6}}) != []
