"""The difference between two pathways over the Kaya factors: exact for any inputs, the LMDI of two states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import dualcarbon as dc
from dualcarbon.analysis.decomposition import decompose
from dualcarbon.analysis.kaya import NAMES, NEEDED
from dualcarbon.analysis.splits import kaya_split
from dualcarbon.axes import year_range
from dualcarbon.inputs import Inputs
from dualcarbon.project import pathway
from dualcarbon.results import Results
from strategies import inputs

YEARS = [2026, 2030, 2045, 2060]


def size(*pathways: Results) -> float:
    """The largest number that the parts are made of, Mt."""
    keys = ("gross_co2", "net_co2", "land_sink", "beccs", "dac")
    return max(1.0, *(float(np.nanmax(np.abs(one[key]))) for one in pathways for key in keys))


@given(inputs(shape=(2,)))
def test_exact_for_any_two_pathways(both: Inputs) -> None:
    batch = pathway(both)
    a, b = (
        Results(batch.years, batch.base_year, {key: np.array(batch[key][k]) for key in batch}) for k in (0, 1)
    )
    years = [int(year) for year in a.years[a.years > a.base_year]]
    found = kaya_split(a, b, years)
    scale = size(a, b)
    assert np.all(np.abs(found.annual.residual) < 1e-9 * scale)
    assert np.all(np.abs(found.cumulative.residual) < 1e-9 * scale * len(years))
    np.testing.assert_array_equal(found.cumulative.parts, np.add.accumulate(found.annual.parts, axis=-1))


def of(name: str) -> Results:
    return dc.run(name).results


PAIRS = [("current-policies", "rapid-decline"), ("rapid-decline", "deep-decarbonisation")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_each_year_is_the_decomposition_of_two_states(first: str, second: str) -> None:
    """The first pathway's year put before the second's makes a pathway of two years to decompose."""
    a, b = of(first), of(second)
    found = kaya_split(a, b, YEARS)
    for k, year in enumerate(YEARS):
        states = {key: np.array([a.in_year(key, year), b.in_year(key, year)]) for key in NEEDED}
        two = decompose(Results(year_range(1, 2), 1, states), 1, 2)
        for name, part in zip(NAMES, found.annual.parts[:, k], strict=True):
            assert part == two.additive[name][0], name


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_other_way_round_it_is_the_negative(first: str, second: str) -> None:
    there, back = kaya_split(of(first), of(second), YEARS), kaya_split(of(second), of(first), YEARS)
    np.testing.assert_allclose(there.annual.parts, -back.annual.parts, atol=1e-8)


def test_levels_and_differences_are_those_of_the_pathways() -> None:
    a, b = of("current-policies"), of("deep-decarbonisation")
    found = kaya_split(a, b, YEARS)
    for k, year in enumerate(YEARS):
        assert found.annual.before[k] == a.in_year("net_co2", year)
        assert found.annual.after[k] == b.in_year("net_co2", year)
        span = (a.years > 2025) & (a.years <= year)
        summed = float(b["net_co2"][span].sum() - a["net_co2"][span].sum())
        assert found.cumulative.difference[k] == pytest.approx(summed, rel=1e-12)
    assert found.annual.after[-1] < 0.0  # below zero, and still without a residual
    assert np.abs(found.annual.residual).max() < 1e-9
    assert found.method == "LMDI-I"


def test_what_differs_alone_takes_all() -> None:
    a = of("current-policies")
    arrays = dict(a.arrays)
    arrays["beccs"] = a["beccs"] + 100.0
    for key in ("net_co2", "eip_co2"):
        arrays[key] = a[key] - 100.0
    found = kaya_split(a, replace(a, arrays=arrays), [2040])
    assert found.annual.in_year(2040) == {name: -100.0 if name == "beccs" else 0.0 for name in NAMES}


def test_a_form_that_holds_in_some_years_only_is_said_with_them() -> None:
    a = of("current-policies")
    arrays = dict(a.arrays)
    late = a.years >= 2050
    arrays["gas_share"] = np.where(late, -0.01, a["gas_share"])
    found = kaya_split(a, replace(a, arrays=arrays), [2060])
    assert (
        found.method == "2026-2049: LMDI-I; 2050-2060: LMDI-I; Shapley form where a factor is negative: gas"
    )


def test_a_single_year_is_said_as_one() -> None:
    a = of("current-policies")
    arrays = dict(a.arrays)
    arrays["gas_share"] = np.where(a.years >= 2060, -0.01, a["gas_share"])
    method = kaya_split(a, replace(a, arrays=arrays), [2060]).method
    assert method.startswith("2026-2059: LMDI-I; 2060: LMDI-I; Shapley form")


@pytest.mark.parametrize("years", [[], [2025], [2010, 2030]])
def test_years_that_are_not_projected_are_refused(years: list[int]) -> None:
    with pytest.raises(ValueError, match="only years after 2025"):
        kaya_split(of("plan-pace"), of("rapid-decline"), years)


def test_other_years_are_refused() -> None:
    with pytest.raises(ValueError, match="other years"):
        kaya_split(of("plan-pace"), dc.run("plan-pace", end_year=2050).results, [2030])
