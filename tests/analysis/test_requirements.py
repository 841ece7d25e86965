"""Targets as constraints, on an invented country: room at or above zero exactly where a target is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualcarbon.analysis import indicators
from dualcarbon.analysis.requirements import requirement
from dualcarbon.analysis.targets import OWN, Target, score
from dualcarbon.axes import Floats, year_range
from dualcarbon.results import Results
from strategies import assert_same_bits

YEARS = year_range(2020, 2040)
BASE_YEAR = 2025
PLATEAU = 3


def target(indicator: str, value: float, year: int = 2035, **fields: Any) -> Target:
    """A user's own target; at most unless said otherwise."""
    plain: dict[str, Any] = {
        "id": "invented",
        "label": "",
        "label_zh": "",
        "indicator": indicator,
        "scope": "",
        "accounting": "",
        "comparison": "at_most",
        "value": value,
        "unit": "%",
        "base": None,
        "year_from": None,
        "year": year,
        "role": OWN,
        "status": "in force",
        "resolution": "national",
        "documents": (),
        "date": "",
    }
    return Target(**plain | fields)


def country(**series: Floats) -> Results:
    return Results(YEARS, BASE_YEAR, {key: np.asarray(s, dtype=np.float64) for key, s in series.items()})


def line(**points: float) -> Floats:
    """Straight lines through points such as ``y2030=10``; constant outside them."""
    return np.interp(YEARS, [int(key[1:]) for key in points], list(points.values()))


def peak(year: int, comparison: str = "at_most") -> Target:
    scope = "energy-and-process"
    return target("co2_peak_year", year, year, unit="year", scope=scope, comparison=comparison)


def neutral(year: int, scope: str = "ghg") -> Target:
    return target("neutral_year", year, year, unit="year", scope=scope)


def room(wanted: Target, results: Results) -> Floats:
    return requirement(wanted, PLATEAU).room(results)


# values

MEASURED = {
    "share at most": (target("coal_share", 40.0), {"coal_share": line(y2035=0.38)}, 2.0),
    "share at least": (
        target("non_fossil_share", 30.0, comparison="at_least"),
        {"non_fossil_share": line(y2035=0.25)},
        -5.0,
    ),
    "level": (target("eip_co2", 900.0, unit="Mt CO2"), {"eip_co2": line(y2035=1000.0)}, -100.0),
    "change of a variable": (
        target("eip_co2_change", -20.0, base=2025),
        {"eip_co2": line(y2025=1000.0, y2035=700.0)},
        10.0,
    ),
    "reduction": (
        target(
            "carbon_intensity_reduction",
            30.0,
            scope="energy",
            base=2020,
            comparison="at_least",
        ),
        {"carbon_intensity_energy": line(y2020=2.0, y2035=1.5)},
        -5.0,
    ),
    "below the peak": (
        target("net_ghg_reduction", 10.0, scope="ghg", base="peak", comparison="at_least"),
        {"net_ghg": line(y2020=100.0, y2030=200.0, y2035=150.0)},
        15.0,
    ),
    "sum of years": (
        target("cumulative", 5000.0, scope="co2", year_from=2031, unit="Mt CO2"),
        {"net_co2": line(y2030=900.0)},
        500.0,
    ),
}


@pytest.mark.parametrize(("wanted", "series", "expected"), MEASURED.values(), ids=MEASURED.keys())
def test_the_room_of_a_value_is_its_margin(wanted, series, expected):
    results = country(**series)
    np.testing.assert_allclose(room(wanted, results), [expected], rtol=0, atol=1e-9)
    assert score(wanted, results).margin == pytest.approx(expected, abs=1e-9)
    assert list(requirement(wanted, PLATEAU).years(results)) == [2035]
    assert requirement(wanted, PLATEAU).needs == tuple(series)


def test_a_cap_over_years_has_room_in_each_of_them():
    capped = target("energy_total", 6.0, 2030, unit="Gtce", year_from=2024)
    results = country(energy_total=line(y2024=5900.0, y2030=6200.0))
    one = requirement(capped, PLATEAU)
    assert list(one.years(results)) == list(range(2024, 2031))
    np.testing.assert_allclose(one.room(results), np.linspace(0.1, -0.2, 7), atol=1e-12)
    floor = target("energy_total", 6.0, 2030, unit="Gtce", year_from=2024, comparison="at_least")
    np.testing.assert_allclose(room(floor, results), np.linspace(-0.1, 0.2, 7), atol=1e-12)


# neutrality


def test_neutrality_has_room_in_every_year_from_its_year_on():
    results = country(net_ghg=line(y2035=30.0, y2038=0.0, y2040=-20.0), net_co2=line(y2030=-1.0))
    np.testing.assert_allclose(room(neutral(2036), results), [-20.0, -10.0, 0.0, 10.0, 20.0])
    assert room(neutral(2038), results).min() == 0.0
    assert room(neutral(2036, scope="co2"), results).min() == 1.0


# peaks


def test_a_peak_must_be_left_within_the_plateau():
    low_enough = country(eip_co2=line(y2027=100.0, y2030=99.5, y2031=98.9, y2040=50.0))
    assert room(peak(2027), low_enough).min() >= 0.0
    lingers = country(eip_co2=line(y2027=100.0, y2031=99.5, y2040=50.0))
    one = requirement(peak(2027), PLATEAU)
    years = one.years(lingers)
    assert score(peak(2027), lingers).verdict == "met"
    assert list(years[one.room(lingers) < 0.0]) == [2031]


def test_a_later_year_above_the_peak_is_missed():
    results = country(eip_co2=line(y2026=100.0, y2030=90.0, y2034=101.0, y2036=50.0))
    one = requirement(peak(2027), PLATEAU)
    worst = int(np.argmin(one.room(results)))
    assert one.years(results)[worst] == 2034
    assert one.room(results)[worst] == pytest.approx(99.0 - 101.0)
    assert score(peak(2027), results).verdict == "missed"


def test_a_peak_in_an_exact_year_leaves_every_other_year_below():
    results = country(eip_co2=line(y2025=100.0, y2028=103.0, y2033=90.0, y2040=50.0))
    one = requirement(peak(2028, "equals"), PLATEAU)
    assert one.room(results).min() > 0.0
    assert 2025 in one.years(results)
    assert 2028 not in one.years(results)
    assert room(peak(2027, "equals"), results).min() < 0.0
    for year, verdict in ((2027, "missed"), (2028, "met"), (2029, "missed")):
        assert score(peak(year, "equals"), results).verdict == verdict


def test_unknown_years_of_the_past_are_no_peak():
    series = line(y2025=100.0, y2040=50.0)
    series[:3] = np.nan
    assert np.isfinite(room(peak(2030), country(eip_co2=series))).all()


def test_no_year_is_left_to_exceed_a_peak_at_the_end():
    results = country(eip_co2=line(y2025=100.0, y2040=150.0))
    one = requirement(peak(2040), PLATEAU)
    assert (list(one.years(results)), list(one.room(results))) == ([2040], [150.0])
    assert score(peak(2040), results).verdict == "met"


# for any series

SERIES = arrays(np.float64, YEARS.size, elements=st.floats(-100.0, 100.0, allow_subnormal=False))


@given(SERIES, st.integers(BASE_YEAR + 1, int(YEARS[-1])))
def test_neutrality_holds_exactly_where_the_strict_definition_does(series, year):
    results = country(net_ghg=series)
    assert (room(neutral(year), results).min() >= 0.0) == (score(neutral(year), results).verdict == "met")


@given(SERIES, st.integers(BASE_YEAR, int(YEARS[-1])))
def test_a_peak_with_room_is_one_by_the_strict_definition(series, year):
    results = country(eip_co2=series + 200.0)
    if room(peak(year), results).min() >= 0.0:
        assert score(peak(year), results).verdict == "met"
        plateau = indicators.peak(results["eip_co2"], YEARS, BASE_YEAR).plateau_last
        assert plateau <= year + PLATEAU


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (peak(2030), "eip_co2"),
        (peak(2030, "equals"), "eip_co2"),
        (neutral(2030), "net_ghg"),
        (target("energy_total", 0.07, unit="Gtce", year_from=2030), "energy_total"),
    ],
    ids=["peak", "exact peak", "neutral", "cap"],
)
@given(batch=arrays(np.float64, (4, YEARS.size), elements=st.floats(50.0, 100.0)))
def test_a_batch_gives_what_each_member_gives(wanted, key, batch):
    whole = room(wanted, country(**{key: batch}))
    for member, series in enumerate(batch):
        assert_same_bits(whole[member], room(wanted, country(**{key: series})))
