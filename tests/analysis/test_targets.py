"""Targets scored on an invented country, so that no update of statistics moves an expected value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dualcarbon.analysis.targets import APPROXIMATE, MEASURES, Score, Target, all_official, score
from dualcarbon.axes import Floats, year_range
from dualcarbon.results import Results

YEARS = year_range(2000, 2060)
BASE_YEAR = 2025


def line(**points: float) -> Floats:
    """Straight lines through points such as ``y2005=10``; constant outside them."""
    years = [int(key[1:]) for key in points]
    return np.interp(YEARS, years, list(points.values()))


def country(**changed: Floats) -> Results:
    """A country whose CO2 peaks in 2030 at 120 Mt, and whose net greenhouse gases reach zero in 2060."""
    arrays = {
        "non_fossil_share": line(y2000=0.05, y2020=0.15, y2030=0.25, y2060=0.85),
        "coal_share": line(y2000=0.70, y2025=0.50, y2060=0.05),
        "energy_total": line(y2000=1000.0, y2028=6000.0, y2060=5000.0),
        "coal_energy": line(y2000=700.0, y2025=3000.0, y2060=250.0),
        "energy_intensity": line(y2005=1.0, y2020=0.5, y2025=0.4, y2030=0.35),
        "energy_intensity_fossil": line(y2005=0.9, y2020=0.4, y2025=0.3, y2030=0.25),
        "carbon_intensity_energy": line(y2005=2.0, y2020=1.0, y2030=0.7),
        "carbon_intensity_combustion_process": line(y2005=2.5, y2025=1.0, y2030=0.83),
        "eip_co2": line(y2000=30.0, y2030=120.0, y2060=25.0),
        "net_co2": line(y2000=20.0, y2030=100.0, y2050=0.0, y2060=-20.0),
        "net_ghg": line(y2000=40.0, y2030=200.0, y2060=0.0),
    }
    net_ghg = changed.pop("net_ghg", arrays["net_ghg"]).copy()
    net_ghg[YEARS < 2005] = np.nan
    return Results(YEARS, BASE_YEAR, arrays | changed | {"net_ghg": net_ghg})


def target(indicator: str, value: float | None, year: int, **fields: Any) -> Target:
    """A pledge in force at national resolution."""
    plain = Target(
        id="invented",
        label="",
        label_zh="",
        indicator=indicator,
        scope="",
        accounting="",
        comparison="at_least",
        value=value,
        unit="",
        base=None,
        year_from=None,
        year=year,
        role="binding",
        status="in force",
        resolution="national",
        documents=("invented-plan",),
        date="2020",
    )
    return replace(plain, **fields)


REDUCTION = "carbon_intensity_reduction"
CUT = {"scope": "energy", "base": 2005}
CEILING = {"comparison": "at_most"}
PEAK = {"comparison": "at_most", "scope": "energy-and-process"}

# every measure: indicator, target's value, year, other fields, the country's value, the margin

SCORED = {
    "non-fossil share": ("non_fossil_share", 20.0, 2030, {}, 25.0, 5.0),
    "non-fossil share, exactly met": ("non_fossil_share", 25.0, 2030, {}, 25.0, 0.0),
    "non-fossil share, just missed": ("non_fossil_share", 25.1, 2030, {}, 25.0, -0.1),
    "coal share": ("coal_share", 55.0, 2025, CEILING, 50.0, 5.0),
    "coal share, exactly met": ("coal_share", 50.0, 2025, CEILING, 50.0, 0.0),
    "coal share, missed": ("coal_share", 45.0, 2025, CEILING, 50.0, -5.0),
    "energy in a year": ("energy_total", 5.5, 2060, CEILING, 5.0, 0.5),
    "energy over a period: its highest year": (
        "energy_total",
        5.5,
        2060,
        {**CEILING, "year_from": 2021},
        6.0,
        -0.5,
    ),
    "carbon intensity, old scope": (REDUCTION, 60.0, 2030, CUT, 65.0, 5.0),
    "carbon intensity, missed": (REDUCTION, 66.0, 2030, CUT, 65.0, -1.0),
    "carbon intensity, new scope": (
        REDUCTION,
        17.0,
        2030,
        {"scope": "combustion-process", "base": 2025},
        17.0,
        0.0,
    ),
    "energy intensity, total": (
        "energy_intensity_reduction",
        13.5,
        2025,
        {"scope": "total", "base": 2020},
        20.0,
        6.5,
    ),
    "energy intensity, without feedstock": (
        "energy_intensity_reduction",
        30.0,
        2025,
        {"scope": "without-feedstock-and-non-fossil", "base": 2020},
        25.0,
        -5.0,
    ),
    "CO2 peak": ("co2_peak_year", 2035.0, 2035, PEAK, 2030.0, 5.0),
    "CO2 peak, at its latest": ("co2_peak_year", 2030.0, 2030, PEAK, 2030.0, 0.0),
    "CO2 peak, missed": ("co2_peak_year", 2029.0, 2030, PEAK, 2030.0, -1.0),
    "coal peak": ("coal_peak_year", 2030.0, 2030, CEILING, 2025.0, 5.0),
    "neutral, all gases": ("neutral_year", 2060.0, 2060, {**CEILING, "scope": "ghg"}, 2060.0, 0.0),
    "neutral, CO2": ("neutral_year", 2060.0, 2060, {**CEILING, "scope": "co2"}, 2050.0, 10.0),
    "neutral, CO2, missed": ("neutral_year", 2049.0, 2060, {**CEILING, "scope": "co2"}, 2050.0, -1.0),
    "net gases below the peak": (
        "net_ghg_reduction",
        7.0,
        2035,
        {"scope": "ghg", "base": "peak"},
        100.0 / 6.0,
        100.0 / 6.0 - 7.0,
    ),
    "net gases before the peak": (
        "net_ghg_reduction",
        7.0,
        2030,
        {"scope": "ghg", "base": "peak"},
        0.0,
        -7.0,
    ),
}


def judged(indicator: str, value: float, year: int, fields: dict[str, Any]) -> Score:
    return score(target(indicator, value, year, **fields), country())


@pytest.mark.parametrize(
    ("indicator", "wanted", "year", "fields", "value", "margin"), SCORED.values(), ids=SCORED
)
def test_value_margin_and_verdict(
    indicator: str, wanted: float, year: int, fields: dict[str, Any], value: float, margin: float
) -> None:
    s = judged(indicator, wanted, year, fields)
    assert s.value == pytest.approx(value, abs=1e-9)
    assert s.margin == pytest.approx(margin, abs=1e-9)
    assert s.verdict == ("met" if margin >= 0 else "missed")


def test_every_official_measure_is_scored_here() -> None:
    scored = {(row[0], row[3].get("scope", "")) for row in SCORED.values()}
    assert scored == {key for key in MEASURES if key[0] != "cumulative"}


@pytest.mark.parametrize("scope", APPROXIMATE)
def test_an_approximation_says_so(scope: str) -> None:
    indicator = REDUCTION if scope == "combustion-process" else "energy_intensity_reduction"
    assert judged(indicator, 10.0, 2030, {"scope": scope, "base": 2025}).remark == APPROXIMATE[scope]


# what a reader should know beside the verdict


@pytest.mark.parametrize(("value", "strict"), [(2030.0, "missed"), (2031.0, "met")])
def test_a_peak_before_a_year_is_also_read_strictly(value: float, strict: str) -> None:
    s = judged("co2_peak_year", value, 2030, PEAK)
    assert (s.verdict, s.remark) == ("met", f"strictly before {value:.0f}: {strict}")


def test_a_peak_in_the_last_observed_year_is_provisional() -> None:
    falling = country(eip_co2=line(y2000=30.0, y2025=120.0, y2060=25.0))
    s = score(target("co2_peak_year", 2030.0, 2030, **PEAK), falling)
    assert (s.value, s.verdict) == (2025.0, "met")
    assert s.remark == "provisional: the last observed year; strictly before 2030: met"


def test_never_neutral_is_missed_and_says_what_is_left() -> None:
    left = country(net_ghg=line(y2000=40.0, y2030=200.0, y2060=1500.0))
    s = score(target("neutral_year", 2060.0, 2060, scope="ghg", **CEILING), left)
    assert np.isnan(s.value)
    assert np.isnan(s.margin)
    assert (s.verdict, s.remark) == ("missed", "+1.50 Gt CO2e left in 2060")


def test_a_dip_below_zero_is_not_neutrality() -> None:
    back = country(net_co2=line(y2030=100.0, y2045=-10.0, y2060=30.0))
    s = score(target("neutral_year", 2060.0, 2060, scope="co2", **CEILING), back)
    assert (s.verdict, s.remark) == ("missed", "+0.03 Gt CO2 left in 2060")


def test_neutrality_holds_to_the_end_and_says_so() -> None:
    s = judged("neutral_year", 2060.0, 2060, {**CEILING, "scope": "co2"})
    assert s.remark == "stays at or below zero to 2060"


def test_the_reduction_counts_from_the_highest_level_up_to_its_year() -> None:
    later = country(net_ghg=line(y2000=40.0, y2025=200.0, y2035=180.0, y2050=400.0, y2060=0.0))
    s = score(target("net_ghg_reduction", 7.0, 2035, scope="ghg", base="peak"), later)
    assert s.value == pytest.approx(10.0)


# status and role


def test_a_past_target_is_scored_on_history() -> None:
    past = target("non_fossil_share", 15.0, 2020, status="past")
    s = score(past, country())
    assert (s.value, s.verdict) == (pytest.approx(15.0), "met")
    assert not past.in_force


@pytest.mark.parametrize(
    "fields", [{"role": "range top"}, {"role": "expected"}, {"status": "superseded by another"}]
)
def test_range_tops_and_superseded_targets_are_scored_all_the_same(fields: dict[str, str]) -> None:
    s = score(target("non_fossil_share", 30.0, 2030, **fields), country())
    assert (s.verdict, s.margin) == ("missed", pytest.approx(-5.0))


# not applicable, and why

NOT_APPLICABLE = {
    "qualitative": (target("non_fossil_share", None, 2030), "qualitative"),
    "qualitative with a number": (target("coal_share", 1.0, 2030, role="qualitative"), "qualitative"),
    "sectoral": (
        target("nev_sales_share", 45.0, 2027, resolution="sectoral"),
        "needs the sectoral resolution",
    ),
    "input": (
        target("gdp_growth", 4.5, 2026, resolution="input"),
        "an assumption of the scenario, not a result",
    ),
    "not modelled": (target("forest_cover", 25.0, 2030, resolution="none"), "not modelled"),
    "another scope": (
        target(REDUCTION, 65.0, 2030, scope="industry", base=2005),
        "no measure in this scope",
    ),
    "after the end": (target("non_fossil_share", 90.0, 2070), "outside the run's years 2000-2060"),
    "base before the start": (
        target(REDUCTION, 65.0, 2030, scope="energy", base=1990),
        "outside the run's years 2000-2060",
    ),
    "statistics missing": (
        target("net_ghg_reduction", 7.0, 2003, scope="ghg", base="peak"),
        "statistics are missing for these years",
    ),
}


@pytest.mark.parametrize(("pledge", "why"), NOT_APPLICABLE.values(), ids=NOT_APPLICABLE)
def test_not_applicable_says_why(pledge: Target, why: str) -> None:
    s = score(pledge, country())
    assert (s.verdict, s.remark) == ("not applicable", why)
    assert np.isnan(s.value)
    assert np.isnan(s.margin)


def test_the_latest_statistic_stands_beside_what_is_not_computed() -> None:
    pledge = target("forest_cover", 25.0, 2030, resolution="none")
    s = score(pledge, country(), statistic="statistics: 24 % in 2024")
    assert s.remark == "not modelled; statistics: 24 % in 2024"


# the group all-official

OFFICIAL = target("non_fossil_share", 25.0, 2030)

OUTSIDE = {
    "superseded": {"status": "superseded by another"},
    "past": {"status": "past"},
    "qualitative": {"value": None, "role": "qualitative"},
    "range top": {"role": "range top"},
    "of the base year": {"year": 2025},
    "before the base year": {"year": 2020},
    "sectoral": {"resolution": "sectoral"},
    "without a measure": {"scope": "industry"},
}


@pytest.mark.parametrize("role", ["binding", "expected"])
def test_all_official_holds_what_is_in_force_to_come_and_computable(role: str) -> None:
    pledge = replace(OFFICIAL, role=role)
    assert all_official([pledge], BASE_YEAR) == [pledge]


@pytest.mark.parametrize("fields", OUTSIDE.values(), ids=OUTSIDE)
def test_all_official_leaves_out(fields: dict[str, Any]) -> None:
    assert all_official([replace(OFFICIAL, **fields), OFFICIAL], BASE_YEAR) == [OFFICIAL]
