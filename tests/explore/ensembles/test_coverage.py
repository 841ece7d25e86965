"""Ensemble hindcasts know nothing after their start year, and their counts are what the bands say."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dualcarbon.explore.ensembles import band_coverage as cv
from dualcarbon.explore.hindcasting import RULE, VARIABLES, carried_on, statistics_until
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library

COUNT = 500
CONSTANTS = ("coal_ef", "gas_ef", "oil_ef_official")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(data_folder())


@pytest.fixture(scope="module")
def covered(library: Library) -> cv.Coverage:
    return cv.coverage_all(library, count=COUNT)


def altered(folder: Path, last_known: int) -> Library:
    """A copy of the data in which every value after a year is another."""
    shutil.copytree(data_folder(), folder)
    for path in folder.glob("*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = list(reader.fieldnames or ()), list(reader)
        if not {"year", "value"} <= set(names):
            continue
        for number, row in enumerate(rows):
            constant = row.get("series") in CONSTANTS or not row["year"].isdigit() or not row["value"]
            if not constant and int(row["year"]) > last_known:
                row["value"] = repr(float(row["value"]) * (1.1 + number % 7 / 10))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    return Library(folder)


@pytest.mark.parametrize("start", [2010, 2020])
def test_nothing_after_the_start_year_is_known(start: int, library: Library, tmp_path: Path) -> None:
    other = altered(tmp_path / "data", start)
    mine, theirs = (cv.hindcast_bands(statistics_until(x, start), 2025, COUNT, 7) for x in (library, other))
    assert mine[1] == theirs[1]
    for kind in cv.KINDS:
        for name in VARIABLES:
            for level, path in mine[0][kind][name].items():
                np.testing.assert_array_equal(path, theirs[0][kind][name][level])


def test_the_start_year_itself_is_known(library: Library, tmp_path: Path) -> None:
    other = altered(tmp_path / "data", 2019)
    mine, theirs = (cv.hindcast_bands(statistics_until(x, 2020), 2025, COUNT, 7) for x in (library, other))
    assert np.all(mine[0]["prior"]["energy_co2"][0.05] != theirs[0]["prior"]["energy_co2"][0.05])


def test_counts_are_those_of_the_bands(covered: cv.Coverage, library: Library) -> None:
    truth = library["energy_balance"].on_axis("energy_total", np.arange(2016, 2026))
    bands, _ = cv.hindcast_bands(statistics_until(library, 2015), 2025, COUNT, covered.seed)
    row = next(r for r in covered.rows if (r.start, r.variable) == (2015, "energy_total"))
    for kind in cv.KINDS:
        for band, (low, high) in cv.BANDS.items():
            quantiles = bands[kind]["energy_total"]
            inside = [a <= x <= b for a, x, b in zip(quantiles[low], truth, quantiles[high], strict=True)]
            assert row.inside[kind, band] == sum(inside)


def test_every_start_and_variable_is_judged(covered: cv.Coverage) -> None:
    assert [(r.start, r.variable) for r in covered.rows] == [
        (start, name) for start in (2010, 2015, 2020) for name in VARIABLES
    ]
    assert [r.years for r in covered.rows[::4]] == [15, 10, 5]
    assert [held.window for held in covered.held] == [(2005, 2010), (2008, 2015), (2010, 2020)]
    for kind in cv.KINDS:
        narrow, years = covered.share(kind, "50 %")
        wide, _ = covered.share(kind, "90 %")
        assert years == 120
        assert narrow <= wide <= years
    assert covered.share("prior", "90 %", 2015, "coal_share")[1] == 10


def test_bands_hold_draws_like_their_own(library: Library) -> None:
    """Of other draws of the same ensemble, half lie inside the 50 % band and nine tenths inside the 90 %."""
    known = statistics_until(library, 2015)
    ahead = carried_on(known, RULE, 2025)
    central = {name: array[known.years.size :] for name, array in ahead.arrays().items() if array.ndim}
    bands, _ = cv.hindcast_bands(known, 2025, 8000, 7)
    truths = cv.past_draws(known, central, 8000, 99)
    for name in ("coal_share", "non_fossil_share"):
        for (low, high), part in zip(cv.BANDS.values(), (0.5, 0.9), strict=True):
            quantiles = bands["prior"][name]
            inside = (quantiles[low] <= truths[name]) & (truths[name] <= quantiles[high])
            np.testing.assert_allclose(inside.mean(axis=0), part, atol=0.02)


def test_the_spread_of_draws_follows_the_rule(library: Library) -> None:
    known = statistics_until(library, 2015)
    ahead = carried_on(known, RULE, 2025)
    central = {name: array[known.years.size :] for name, array in ahead.arrays().items() if array.ndim}
    paths = cv.past_draws(known, central, 20_000, 1)
    size = cv.around_plan_means(np.diff(known.non_fossil_share), 2015)
    spread = (paths["non_fossil_share"] - central["non_fossil_share"]).std(axis=0)
    np.testing.assert_allclose(spread, size * np.sqrt(np.arange(1, 11)), rtol=0.03)
    level = np.cumsum(np.log1p(paths["gdp_growth"]), axis=1)
    size = cv.around_plan_means(np.log1p(known.gdp_growth[1:]), 2015)
    np.testing.assert_allclose(level.std(axis=0), size * np.sqrt(np.arange(1, 11)), rtol=0.03)
    total = sum(paths[name] for name in ("coal_share", "oil_share", "gas_share", "non_fossil_share"))
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


def test_the_rule_gives_the_ranges_of_the_lever_table(library: Library) -> None:
    """p95 of the lever table in 2030 is 1.645 s √5 (points) for non-fossil and 1.645 s / √5 for intensity."""
    known = statistics_until(library, 2025)
    share = cv.around_plan_means(np.diff(known.non_fossil_share) * 100, 2025)
    assert 1.645 * share * np.sqrt(5) == pytest.approx(2.29, abs=0.01)
    intensity = cv.around_plan_means(known.energy_intensity_change[1:] * 100, 2025)
    assert 1.645 * intensity / np.sqrt(5) == pytest.approx(1.02, abs=0.01)


@pytest.mark.parametrize("start", [2009, 2025])
def test_a_start_without_two_plans_or_a_year_to_judge_is_refused(start: int, library: Library) -> None:
    with pytest.raises(ValueError, match=rf"^start year {start} is outside 2010-2024$"):
        cv.coverage_all(library, starts=(start,), count=COUNT)


def test_the_command_prints_the_counts(typed: Callable[..., object], library: Library) -> None:
    shown = typed("hindcast", "--coverage")
    full = cv.coverage_all(library)
    inside, years = full.share("weighted, with noise", "90 %")
    assert shown.code == 0  # type: ignore[attr-defined]
    assert f"{inside}/{years}" in shown.out  # type: ignore[attr-defined]
    assert f"{inside / years * 100:.0f} % (the 90 % band)" in " ".join(shown.out.split())  # type: ignore[attr-defined]
    assert "not independent" in shown.out  # type: ignore[attr-defined]
