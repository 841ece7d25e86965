"""Hindcasts know nothing after their start year, follow their rule exactly, and are scored by the formula."""

from __future__ import annotations

import csv
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dualcarbon.explore import hindcasting as hc
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library

CONSTANTS = ("coal_ef", "gas_ef", "oil_ef_official")
"""Series of one row: constants of the accounting, whose year is where the row was placed."""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(data_folder())


@pytest.fixture(scope="module")
def hindcast(library: Library) -> hc.Hindcast:
    return hc.hindcast_all(library)


# nothing after the start year is known


def altered(folder: Path, is_altered: Callable[[int], bool]) -> Library:
    """A copy of the data in which every value of some years is another."""
    shutil.copytree(data_folder(), folder)
    for path in folder.glob("*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = list(reader.fieldnames or ()), list(reader)
        if not {"year", "value"} <= set(names):
            continue
        for number, row in enumerate(rows):
            if row.get("series") in CONSTANTS or not row["year"].isdigit() or not row["value"]:
                continue
            if is_altered(int(row["year"])):
                row["value"] = repr(float(row["value"]) * (1.1 + number % 7 / 10))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    return Library(folder)


@pytest.mark.parametrize("start", hc.STARTS)
def test_nothing_after_the_start_year_is_known(start: int, hindcast: hc.Hindcast, tmp_path: Path) -> None:
    other = hc.hindcast_all(altered(tmp_path / "data", lambda year: year > start), starts=(start,))
    known = other.years <= start
    for name in hc.VARIABLES:
        np.testing.assert_array_equal(other.forecast[start, name], hindcast.forecast[start, name])
        for naive in hc.NAIVE:
            np.testing.assert_array_equal(other.naive[start, name, naive], hindcast.naive[start, name, naive])
        np.testing.assert_array_equal(other.observed[name][known], hindcast.observed[name][known])
        assert np.all(other.observed[name][~known] != hindcast.observed[name][~known])


@pytest.mark.parametrize("start", hc.STARTS)
def test_the_start_year_itself_is_known(start: int, hindcast: hc.Hindcast, tmp_path: Path) -> None:
    other = hc.hindcast_all(altered(tmp_path / "data", lambda year: year == start), starts=(start,))
    for name in hc.VARIABLES:
        assert np.all(other.forecast[start, name] != hindcast.forecast[start, name])


def test_every_carried_on_lever_ignores_later_years(library: Library, tmp_path: Path) -> None:
    other = altered(tmp_path / "data", lambda year: year > 2015)
    mine, theirs = (hc.carried_on(hc.statistics_until(x, 2015), hc.RULE, 2025) for x in (library, other))
    for name, array in mine.arrays().items():
        np.testing.assert_array_equal(array, theirs.arrays()[name], err_msg=name)


def test_the_constants_left_alone_are_constants(library: Library) -> None:
    for name in CONSTANTS:
        assert library["factors"].series(name)[0].size == 1


# the choice of the rule


def test_the_rule_is_the_one_chosen_on_data_up_to_2010(library: Library) -> None:
    assert hc.choose_rule(library) == hc.RULE


def test_the_choice_sees_no_data_after_2010(library: Library, tmp_path: Path) -> None:
    other = altered(tmp_path / "data", lambda year: year > 2010)
    assert hc.score_rules(other) == hc.score_rules(library)


def test_every_candidate_is_scored_and_the_lowest_chosen(library: Library) -> None:
    scored = hc.score_rules(library)
    assert tuple(s.rule for s in scored) == hc.CANDIDATES
    for s in scored:
        assert s.score == pytest.approx(sum(s.errors.values()) / len(hc.VARIABLES))
    assert min(s.score for s in scored) == next(s.score for s in scored if s.rule == hc.RULE)


# an invented steady country: the answers are known

YEARS = np.arange(2000, 2026)
GROWTH, INTENSITY_CHANGE, PROCESS_GROWTH = 0.06, -0.02, 0.03
ENERGY_GROWTH = (1 + GROWTH) * (1 + INTENSITY_CHANGE) - 1
SHARE_POINTS = {"coal_share": -0.5, "oil_share": 0.0, "gas_share": 0.2, "non_fossil_share": 0.3}
SHARES_2000 = {"coal_share": 70.0, "oil_share": 15.0, "gas_share": 5.0, "non_fossil_share": 10.0}


def steady_country(folder: Path, coal_points: float = SHARE_POINTS["coal_share"]) -> Library:
    """Constant growth of GDP and process CO2, constant change of energy intensity and of the shares."""
    after = YEARS - 2000
    points = {**SHARE_POINTS, "coal_share": coal_points, "oil_share": -0.5 - coal_points}
    shares = {name: SHARES_2000[name] + points[name] * after for name in SHARES_2000}
    steady = np.full(YEARS.size, 100.0)
    tables = {
        "economy/gdp": {"gdp_growth": np.full(YEARS.size, GROWTH * 100)},
        "economy/population": {"population": steady},
        "energy/energy_balance": {"energy_total": 1000 * (1 + ENERGY_GROWTH) ** after, **shares},
        "energy/coal_rate": {"coal_rate": steady},
        "emissions/factors": {name: np.full(YEARS.size, 2.0) for name in (*CONSTANTS, "oil_ef")},
        "emissions/process_co2": {"process_co2": 100 * (1 + PROCESS_GROWTH) ** after},
        "emissions/land_sink": {"land_sink": steady},
        "emissions/non_co2": {"non_co2": steady},
    }
    for place, series in tables.items():
        path = folder / f"{place}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            f"{n},{y},{v!r}" for n, vs in series.items() for y, v in zip(YEARS, vs.tolist(), strict=True)
        ]
        path.write_text("\n".join(["series,year,value", *lines]) + "\n", encoding="utf-8")
    return Library(folder)


def test_an_undamped_rule_is_exact_where_change_is_steady(tmp_path: Path) -> None:
    result = hc.hindcast_all(steady_country(tmp_path), rule=hc.Rule(window=5, damping=1.0))
    for row in result.rows:
        assert row.error == pytest.approx(0.0, abs=1e-10)
        assert row.end_error == pytest.approx(0.0, abs=1e-10)
        assert row.skill["persistence"] == pytest.approx(1.0)
        if row.unit == "points":
            assert row.naive_errors["linear trend"] == pytest.approx(0.0, abs=1e-10)
    energy = next(row for row in result.rows if row.variable == "energy_total")
    assert energy.naive_errors["constant growth"] == pytest.approx(0.0, abs=1e-10)
    assert energy.naive_errors["linear trend"] > 0.1


def test_a_damped_rule_fades_every_change(tmp_path: Path) -> None:
    damping, start = 0.8, 2010
    known = hc.statistics_until(steady_country(tmp_path), start)
    ahead = hc.carried_on(known, hc.Rule(window=3, damping=damping), 2025)
    fading = damping ** np.arange(15)
    process = known.process_co2[-1] * np.cumprod(1 + PROCESS_GROWTH * fading)
    np.testing.assert_allclose(ahead.gdp_growth[11:], GROWTH * fading, rtol=1e-12)
    np.testing.assert_allclose(ahead.energy_intensity_change[11:], INTENSITY_CHANGE * fading, rtol=1e-9)
    np.testing.assert_allclose(ahead.process_co2[11:], process, rtol=1e-12)
    np.testing.assert_allclose(ahead.coal_share[11:], 0.65 - 0.005 * np.cumsum(fading), rtol=1e-12)
    np.testing.assert_array_equal(ahead.oil_ef[10:], known.oil_ef[-1])
    assert (ahead.base_year, int(ahead.years[-1])) == (start, 2025)


def test_a_share_that_runs_out_stays_at_zero_and_shares_sum_to_one(tmp_path: Path) -> None:
    known = hc.statistics_until(steady_country(tmp_path, coal_points=-5.0), 2010)
    ahead = hc.carried_on(known, hc.Rule(window=5, damping=1.0), 2025)
    total = ahead.coal_share + ahead.oil_share + ahead.gas_share + ahead.non_fossil_share
    assert ahead.coal_share.min() == 0.0 == ahead.coal_share[-1]
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


# naive forecasts and scores


def test_naive_forecasts_follow_their_definitions() -> None:
    levels = np.array([9.0, 1.0, 4.0, 2.0, 8.0])
    slope, middle = np.polyfit([-1, 0, 1], levels[-3:], 1)
    np.testing.assert_array_equal(hc.persistence(levels, 2, 2), [8.0, 8.0])
    np.testing.assert_allclose(hc.linear_trend(levels, 2, 2), middle + slope * np.array([2, 3]))
    np.testing.assert_allclose(hc.constant_growth(levels, 2, 2), [8 * math.sqrt(2), 16.0])


def test_a_window_longer_than_history_is_shortened() -> None:
    levels = np.array([1.0, 2.0, 4.0])
    for method in hc.NAIVE.values():
        np.testing.assert_array_equal(method(levels, 7, 3), method(levels, 2, 3))


@pytest.mark.parametrize(
    ("error", "naive_error", "skill"), [(0.0, 2.0, 1.0), (1.0, 2.0, 0.5), (2.0, 2.0, 0.0), (3.0, 2.0, -0.5)]
)
def test_skill_is_positive_only_where_the_model_is_better(
    error: float, naive_error: float, skill: float
) -> None:
    assert hc.skill_score(error, naive_error) == skill


def test_skill_against_a_perfect_naive_forecast_is_undefined() -> None:
    assert math.isnan(hc.skill_score(1.0, 0.0))


def test_rows_hold_the_errors_of_the_paths(hindcast: hc.Hindcast) -> None:
    assert [(r.start, r.variable) for r in hindcast.rows] == [(s, v) for s in hc.STARTS for v in hc.VARIABLES]
    for row in hindcast.rows:
        observed = hindcast.observed[row.variable][hindcast.years > row.start]
        scale = observed if row.unit == "%" else 1.0
        difference = 100 * (hindcast.forecast[row.start, row.variable][1:] - observed) / scale
        assert row.error == pytest.approx(np.abs(difference).mean())
        assert row.end_error == pytest.approx(difference[-1])
        for name, naive_error in row.naive_errors.items():
            path = hindcast.naive[row.start, row.variable, name][1:]
            assert naive_error == pytest.approx(np.abs(100 * (path - observed) / scale).mean())
            assert row.skill[name] == 1 - row.error / naive_error


def test_paths_begin_with_the_observed_start_year(hindcast: hc.Hindcast) -> None:
    for (start, name), path in hindcast.forecast.items():
        observed = hindcast.observed[name][hindcast.years == start][0]
        assert path.size == hindcast.years[-1] - start + 1
        assert path[0] == observed
        assert all(hindcast.naive[start, name, naive][0] == observed for naive in hc.NAIVE)


def test_observed_energy_is_the_statistics(hindcast: hc.Hindcast, library: Library) -> None:
    statistics = library["energy_balance"].on_axis("energy_total", hindcast.years)
    np.testing.assert_allclose(hindcast.observed["energy_total"], statistics, rtol=1e-12)


@pytest.mark.parametrize("start", [2001, 2025])
def test_a_start_without_history_or_future_is_refused(start: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"^start year {start} is outside 2002-2024$"):
        hc.hindcast_all(steady_country(tmp_path), starts=(start,))


def test_the_caveat_names_the_revised_statistics(hindcast: hc.Hindcast) -> None:
    assert "revised" in hindcast.caveat
