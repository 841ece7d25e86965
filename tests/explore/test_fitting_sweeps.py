"""Sweeps: a fit for every cell, those that cannot be met marked and explained."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import files
from dualcarbon.errors import InputError
from dualcarbon.explore.fitting import Cell
from fits import START, exact_peak, library


@cache
def swept() -> tuple[Cell, ...]:
    grid = {"peak_year": [2026, 2030], "neutral_year": [2050, 2060]}
    return tuple(dc.sweep(START, grid, data=library()))


def test_a_cell_for_every_combination_in_order():
    assert [dict(cell.settings) for cell in swept()] == [
        {"peak_year": 2026, "neutral_year": 2050},
        {"peak_year": 2026, "neutral_year": 2060},
        {"peak_year": 2030, "neutral_year": 2050},
        {"peak_year": 2030, "neutral_year": 2060},
    ]


def test_what_cannot_be_met_is_marked_and_explained():
    for cell in swept():
        assert cell.feasible == (cell.settings["neutral_year"] == 2060)
        assert (cell.why == "") == cell.feasible
    assert re.fullmatch(r"neutral_year-2050 is short by \d+ Mt CO2e in 205\d", swept()[0].why)


def test_what_an_earlier_peak_demands():
    early, late = swept()[1], swept()[3]
    assert early.peak_level < late.peak_level
    assert early.cumulative < late.cumulative
    assert early.intensity_decline[2035] > late.intensity_decline[2035]


def test_a_cell_tells_of_its_fit():
    cell = next(c for c in dc.sweep(START, {"peak_year": [2028]}, data=library()))
    found = exact_peak(START, 2028)
    results = found.results
    assert cell.peak_level == pytest.approx(float(np.nanmax(results["eip_co2"])), rel=1e-6)
    assert cell.cumulative == pytest.approx(float(results["eip_co2"][results.years > 2025].sum()), rel=1e-6)
    assert cell.non_fossil_share[2035] == pytest.approx(float(results.in_year("non_fossil_share", 2035)))
    ratio = float(results.in_year("energy_intensity", 2060) / results.in_year("energy_intensity", 2025))
    assert cell.intensity_decline[2060] == pytest.approx(1.0 - ratio ** (1.0 / 35.0))


def test_targets_are_kept_but_those_that_are_swept():
    """The scenario's own block asks for a peak by 2030 and neutrality in 2060; what is swept replaces it."""
    (cell,) = dc.sweep("peak-2030-neutral-2060", {"neutral_year": [2055]}, data=library())
    assert cell.why.startswith("neutral_year-2055 is short by")
    (with_share,) = dc.sweep(
        START,
        {"peak_year": [2027]},
        targets=[{"indicator": "coal_share", "year": 2035, "at_most": "10 %"}, "peak-before-2030"],
        data=library(),
    )
    assert not with_share.feasible
    assert "coal_share-2035-at-most-10% is short by" in with_share.why
    assert "peak-2030" not in with_share.why


def test_a_cell_that_no_free_lever_can_influence_is_one_that_cannot_be_met():
    (cell,) = dc.sweep(START, {"peak_year": [2027]}, free=["dac"], data=library())
    assert not cell.feasible
    assert cell.why == "peak_year-2027 is missed, and no free lever can influence it; free: dac"
    header, rows = files.sweep_rows([cell])
    assert header == ["peak_year", "feasible", "peak_level", "cumulative_co2", "why"]
    assert rows == [[2027, "no", None, None, cell.why]]


def test_a_short_run_shows_the_years_that_it_has():
    (cell,) = dc.sweep(START, {"peak_year": [2027]}, change=["end_year=2040"], data=library())
    assert cell.feasible
    assert list(cell.non_fossil_share) == [2035]


def test_progress_is_told():
    told = []
    dc.sweep(START, {"peak_year": [2027, 2028]}, data=library(), progress=lambda *step: told.append(step))
    assert told == [(0, 2, "peak_year 2027"), (1, 2, "peak_year 2028"), (2, 2, "done")]


WRONG = {
    "nothing": ({}, "--sweep: nothing to sweep over; allowed: peak_year, neutral_year"),
    "unknown key": (
        {"peak": [2030]},
        "--sweep peak: there is no 'peak' to sweep over; did you mean peak_year?",
    ),
    "no years": ({"peak_year": []}, "--sweep peak_year: no years"),
    "past": ({"peak_year": [2025, 2026]}, "--sweep peak_year: 2025 is outside 2026-2060"),
    "beyond the end": (
        {"peak_year": [2026], "neutral_year": range(2061, 2070)},
        "--sweep neutral_year: 2061, 2062, 2063 … is outside 2026-2060",
    ),
}


@pytest.mark.parametrize(("grid", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_swept_is_refused(grid, message):
    with pytest.raises(InputError) as caught:
        dc.sweep(START, grid, data=library())
    assert str(caught.value) == message
