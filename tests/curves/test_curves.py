"""Anchored curves pass their anchors, keep shape and ignore the batch around them; others are analytic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from dualcarbon.axes import Floats, Years, year_range
from dualcarbon.curves import ANCHORED, growth, linear, logistic, pchip, step
from strategies import YEARS, anchors, assert_same_bits

all_anchored = pytest.mark.parametrize("name", ANCHORED)


def inside(anchor_years: Years) -> Years:
    return year_range(int(anchor_years[0]), int(anchor_years[-1]))


def close(values: Floats, expected: Floats, scale: Floats, tolerance: float) -> None:
    assert np.all(np.abs(values - expected) <= tolerance * np.abs(scale).max())


# pchip against scipy


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_pchip_equals_scipy(shape: tuple[int, ...]) -> None:
    @given(anchors(least=2, shape=shape))
    def check(given_anchors: tuple[Years, Floats]) -> None:
        anchor_years, values = given_anchors
        years = inside(anchor_years)
        expected = PchipInterpolator(anchor_years, values, axis=-1)(years)
        close(pchip(anchor_years, values, years), expected, values, 1e-14)

    check()


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 3.0],
        [5.0, 5.0],
        [1.0, 1.0, 2.0],
        [1.0, 2.0, 2.0, 3.0],
        [0.0, 4.0, 1.0, 1.0, 9.0],
        [0.0, 1.0, 5.0],
    ],
)
def test_pchip_equals_scipy_on_few_and_equal_anchors(values: list[float]) -> None:
    anchor_years = np.array([2025, 2030, 2035, 2050, 2060])[: len(values)]
    years = inside(anchor_years)
    expected = PchipInterpolator(anchor_years, values)(years)
    np.testing.assert_allclose(pchip(anchor_years, np.array(values), years), expected, rtol=1e-14, atol=1e-14)


# what every anchored curve keeps


@all_anchored
@given(anchors())
def test_curves_pass_their_anchors(name: str, given_anchors: tuple[Years, Floats]) -> None:
    anchor_years, values = given_anchors
    np.testing.assert_array_equal(ANCHORED[name](anchor_years, values, anchor_years), values)


@all_anchored
@given(anchors(least=2, monotone=True))
def test_curves_keep_monotone_anchors_monotone(name: str, given_anchors: tuple[Years, Floats]) -> None:
    anchor_years, values = given_anchors
    path = ANCHORED[name](anchor_years, values, YEARS)
    rising = np.sign(values[-1] - values[0])
    assert np.all(np.diff(path) * rising >= -1e-12 * np.abs(values).max())


@all_anchored
@given(anchors())
def test_curves_stay_between_their_anchors(name: str, given_anchors: tuple[Years, Floats]) -> None:
    anchor_years, values = given_anchors
    path = ANCHORED[name](anchor_years, values, YEARS)
    slack = 1e-12 * np.abs(values).max()
    assert values.min() - slack <= path.min()
    assert path.max() <= values.max() + slack


@all_anchored
@given(anchors())
def test_curves_hold_outside_their_anchors(name: str, given_anchors: tuple[Years, Floats]) -> None:
    anchor_years, values = given_anchors
    first, last = int(anchor_years[0]), int(anchor_years[-1])
    assert np.all(ANCHORED[name](anchor_years, values, year_range(last, last + 5)) == values[-1])
    assert np.all(ANCHORED[name](anchor_years, values, year_range(first - 5, first)) == values[0])


@all_anchored
@given(anchors(shape=(2, 3)))
def test_member_of_a_batch_is_the_single_curve(name: str, given_anchors: tuple[Years, Floats]) -> None:
    anchor_years, values = given_anchors
    batch = ANCHORED[name](anchor_years, values, YEARS)
    fortran = ANCHORED[name](anchor_years, np.asfortranarray(values), YEARS)
    assert batch.shape == (2, 3, YEARS.size)
    for member in np.ndindex(2, 3):
        single = ANCHORED[name](anchor_years, values[member], YEARS)
        assert_same_bits(batch[member], single)
        assert_same_bits(np.ascontiguousarray(fortran[member]), single)


# what tells them apart

ANCHOR_YEARS = np.array([2026, 2030, 2034])
ANCHOR_VALUES = np.array([1.0, 3.0, 11.0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [1, 1.5, 2, 2.5, 3, 5, 7, 9, 11]),
        ("step", [1, 1, 1, 1, 3, 3, 3, 3, 11]),
        ("average", [1, 3, 3, 3, 3, 11, 11, 11, 11]),
    ],
)
def test_curves_between_anchors(name: str, expected: list[float]) -> None:
    path = ANCHORED[name](ANCHOR_YEARS, ANCHOR_VALUES, year_range(2026, 2034))
    np.testing.assert_array_equal(path, expected)


def test_pchip_is_smooth_where_lines_bend() -> None:
    years = year_range(2026, 2034)
    smooth, straight = (c(ANCHOR_YEARS, ANCHOR_VALUES, years) for c in (pchip, linear))
    assert np.all(smooth[1:4] < straight[1:4])
    assert np.all(smooth[5:8] < straight[5:8])


def test_an_average_compounds_to_the_growth_it_is_the_average_of() -> None:
    rates = ANCHORED["average"](np.array([2030, 2035]), np.array([0.05, 0.02]), year_range(2026, 2035))
    assert np.prod(1.0 + rates) == pytest.approx(1.05**5 * 1.02**5, rel=1e-14)


def test_curves_do_not_change_their_anchors() -> None:
    values = ANCHOR_VALUES.copy()
    for curve in ANCHORED.values():
        curve(ANCHOR_YEARS, values, YEARS)[...] = 0.0
    np.testing.assert_array_equal(values, ANCHOR_VALUES)


def test_step_holds_from_its_year() -> None:
    np.testing.assert_array_equal(step(np.array([2030]), np.array([4.0]), YEARS), np.full(YEARS.size, 4.0))


# logistic

LONG = year_range(2025, 2425)

logistics = given(
    base=st.floats(0.0, 1.0),
    to=st.floats(0.0, 1.0),
    midpoint=st.floats(1900.0, 2100.0),
    width=st.floats(0.05, 15.0),
)


def s_curve(base: float, to: float, midpoint: float, width: float, years: Years = LONG) -> Floats:
    return logistic(2025, np.asarray(base), np.asarray(to), midpoint, width, years)


@logistics
def test_logistic_goes_from_the_base_value_to_saturation(
    base: float, to: float, midpoint: float, width: float
) -> None:
    path = s_curve(base, to, midpoint, width)
    assert path[0] == base
    assert path[-1] == pytest.approx(to, abs=1e-8)


@logistics
def test_logistic_is_monotone_and_inside(base: float, to: float, midpoint: float, width: float) -> None:
    path = s_curve(base, to, midpoint, width)
    assert np.all(np.diff(path) * np.sign(to - base) >= -1e-15)
    assert min(base, to) - 1e-15 <= path.min()
    assert path.max() <= max(base, to) + 1e-15


def test_logistic_is_the_logistic_function() -> None:
    def s(t: Floats | float) -> Floats:
        return 1.0 / (1.0 + np.exp(-(np.asarray(t) - 2040.0) / 9.0))

    years = year_range(2025, 2060)
    expected = 0.2 + 0.6 * (s(years) - s(2025)) / (1.0 - s(2025))
    np.testing.assert_allclose(s_curve(0.2, 0.8, 2040.0, 9.0, years), expected, rtol=1e-13)


def test_logistic_turns_at_its_midpoint() -> None:
    rise = np.diff(s_curve(0.2, 0.9, 2040.5, 6.0))
    assert LONG[np.argmax(rise)] == 2040


def test_member_of_a_batch_is_the_single_logistic() -> None:
    base, to = np.array([0.1, 0.2, 0.3]), np.array([0.8, 0.9, 0.05])
    batch = logistic(2025, base, to, 2040.0, 9.0, LONG)
    for k in range(3):
        assert_same_bits(batch[k], s_curve(base[k], to[k], 2040.0, 9.0))


# growth


@given(base=st.floats(1e-3, 1e4), rate=st.floats(-0.5, 0.5))
def test_growth_is_compound_interest(base: float, rate: float) -> None:
    path = growth(2025, np.asarray(base), np.asarray(rate), YEARS)
    np.testing.assert_allclose(path, base * (1.0 + rate) ** (YEARS - 2025), rtol=1e-12)


def test_growth_starts_at_the_base_value() -> None:
    np.testing.assert_array_equal(
        growth(2025, np.asarray(8.0), np.asarray(0.5), year_range(2025, 2027)), [8.0, 12.0, 18.0]
    )


def test_member_of_a_batch_is_the_single_growth() -> None:
    base, rate = np.array([[1.0], [3.0]]), np.array([0.01, -0.02, 0.3])
    batch = growth(2025, base, rate, YEARS)
    assert batch.shape == (2, 3, YEARS.size)
    for i, j in np.ndindex(2, 3):
        assert_same_bits(batch[i, j], growth(2025, base[i, 0], rate[j], YEARS))
