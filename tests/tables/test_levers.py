"""The lever table: ambitious is the mitigating side, shares close, bounds hold, everything has a reason."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dualcarbon.axes import Floats, Years, year_range
from dualcarbon.inputs import Inputs
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library
from dualcarbon.tables.levers import (
    SHARES,
    Lever,
    first_complete_year,
    last_complete_year,
    lever_anchors,
    lever_history,
    lever_pathway,
    read_levers,
)
from dualcarbon.units import GCE_PER_KWH_DIRECT, parse_quantity

LIBRARY = Library(data_folder())
LEVERS = read_levers(LIBRARY)
LAST = last_complete_year(LIBRARY)
YEARS = year_range(2000, 2060)
PATHWAYS = ("reference", "ambitious")

every_lever = pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)


def anchors(lever: Lever) -> tuple[Years, Floats, Floats]:
    """Anchor years and both pathways' values."""
    years, reference = lever_anchors(LIBRARY, lever, "reference")
    other_years, ambitious = lever_anchors(LIBRARY, lever, "ambitious")
    np.testing.assert_array_equal(years, other_years)
    return years, reference, ambitious


@every_lever
def test_ambitious_is_the_mitigating_side_at_every_anchor(lever: Lever) -> None:
    _, reference, ambitious = anchors(lever)
    if lever.mitigating == "none":
        np.testing.assert_array_equal(ambitious, reference)
        return
    sign = {"up": 1.0, "down": -1.0}[lever.mitigating]
    assert np.all(sign * (ambitious - reference) >= 0.0)
    assert sign * (ambitious[-1] - reference[-1]) > 0.0


@every_lever
def test_anchors_run_to_the_end_of_the_projection(lever: Lever) -> None:
    years, _, _ = anchors(lever)
    assert years[0] > LAST
    assert years[-1] == YEARS[-1]


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_shares_sum_to_100_percent_at_every_anchor(pathway: str) -> None:
    rows = [r for r in LIBRARY["pathways"].rows if r["pathway"] == pathway and r["lever"] in SHARES]
    years = {row["year"] for row in rows}
    assert len(years) == len(rows) / len(SHARES)
    for year in years:
        total = sum(float(row["value"]) for row in rows if row["year"] == year)
        assert total == pytest.approx(100.0, abs=1e-9), year


def test_observed_shares_sum_to_one() -> None:
    years = year_range(2000, LAST)
    total = sum(lever_history(LIBRARY, name, years) for name in SHARES)
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


@every_lever
def test_bounds_hold_history_and_both_pathways(lever: Lever) -> None:
    assert lever.lower < lever.upper
    past = lever_history(LIBRARY, lever.name, YEARS)
    observed = past[(YEARS >= 2006) & (YEARS <= LAST) & ~np.isnan(past)]
    _, reference, ambitious = anchors(lever)
    for values in (observed, reference, ambitious):
        assert values.size
        assert np.all((values >= lever.lower) & (values <= lever.upper))


@every_lever
def test_history_is_complete_where_it_begins(lever: Lever) -> None:
    past = lever_history(LIBRARY, lever.name, year_range(2000, LAST))
    missing = np.isnan(past)
    assert not missing[first_complete_year(LIBRARY) - 2000 :].any()
    assert np.all(np.diff(missing.astype(int)) <= 0)


@pytest.mark.parametrize("pathway", PATHWAYS)
@every_lever
def test_a_pathway_is_history_and_then_its_anchors(lever: Lever, pathway: str) -> None:
    past = lever_history(LIBRARY, lever.name, YEARS)
    path = lever_pathway(LIBRARY, lever, pathway, past, YEARS, LAST)
    np.testing.assert_array_equal(path[YEARS <= LAST], past[YEARS <= LAST])
    years, values = lever_anchors(LIBRARY, lever, pathway)
    np.testing.assert_array_equal(path[years - 2000], values)
    if lever.averages:
        for (before, after), value in zip(pairwise([LAST, *years]), values, strict=True):
            np.testing.assert_array_equal(path[before + 1 - 2000 : after + 1 - 2000], value)


@pytest.mark.parametrize("row", LIBRARY["levers"].rows, ids=lambda row: row["lever"])
def test_every_lever_has_bounds_with_a_reason_and_an_uncertainty(row: dict[str, str]) -> None:
    for column in ("source", "bounds_reason", "uncertainty_rule", "meaning", "label", "label_zh"):
        assert row[column], column
    assert row["uncertainty_status"] in ("derived", "assumed")
    neutral = {"absolute": 0.0, "multiplicative": 1.0}[row["effect"]]
    assert row["distribution"] in ("normal", "lognormal", "triangular")
    for year in ("2030", "2040", "2060"):
        assert float(row[f"p05_{year}"]) < neutral < float(row[f"p95_{year}"])


def test_every_anchor_is_in_its_levers_unit_and_says_how_it_was_placed() -> None:
    for row in LIBRARY["pathways"].rows:
        assert row["unit"] == LEVERS[row["lever"]].unit, row
        assert row["pathway"] in PATHWAYS, row
        assert row["note"], row


@every_lever
def test_units_convert_to_the_inside_unit(lever: Lever) -> None:
    assert parse_quantity(f"100 {lever.unit}", lever.dimension) == pytest.approx(100.0 * lever.factor)


def test_levers_are_inputs_of_a_run() -> None:
    assert set(LEVERS) <= set(Inputs.__dataclass_fields__)


def test_the_lowest_coal_rate_is_the_direct_equivalent() -> None:
    assert LEVERS["non_fossil_ce_rate"].lower == pytest.approx(GCE_PER_KWH_DIRECT, abs=1e-3)
