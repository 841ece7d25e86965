"""The small functions that a run is made of, on numbers that one can check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.core import drivers, emissions, energy, removals
from dualcarbon.units import GCE_PER_KWH_DIRECT

# drivers


def test_compound_grows_from_the_first_year() -> None:
    level = drivers.compound(np.asarray(100.0), np.array([np.nan, 0.1, -0.5, 0.0]))
    np.testing.assert_allclose(level, [100.0, 110.0, 55.0, 55.0], rtol=1e-15)


def test_compound_broadcasts_its_leading_axes() -> None:
    rate = np.full((3, 1, 2), 0.5)
    level = drivers.compound(np.array([[1.0, 2.0]]), rate)
    assert level.shape == (3, 2, 2)
    np.testing.assert_array_equal(level[1], [[1.0, 1.5], [2.0, 3.0]])


def test_compound_leaves_its_rates_alone() -> None:
    rate = np.array([0.0, 0.1])
    drivers.compound(np.asarray(1.0), rate)
    np.testing.assert_array_equal(rate, [0.0, 0.1])


@given(st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=9), st.floats(1.0, 1e6))
def test_change_undoes_compound(rates: list[float], first: float) -> None:
    level = drivers.compound(np.asarray(first), np.array([0.0, *rates]))
    change = drivers.change(level)
    assert np.isnan(change[0])
    np.testing.assert_allclose(change[1:], rates, rtol=0, atol=1e-14)


def test_running_sum_adds_from_left_to_right() -> None:
    flow = np.array([[1.0, 1e100, 1.0, -1e100], [1.0, 2.0, 3.0, 4.0]])
    np.testing.assert_array_equal(drivers.running_sum(flow), [0.0, 10.0])
    np.testing.assert_array_equal(flow[1], [1.0, 2.0, 3.0, 4.0])


# energy in two accountings


def test_coal_equivalent_and_direct_equivalent_of_one_terawatt_hour() -> None:
    power = energy.power_from_coal_equivalent(np.array([0.3]), np.array([300.0]))
    np.testing.assert_allclose(power, [1.0], rtol=1e-15)
    np.testing.assert_allclose(energy.direct_equivalent(power, GCE_PER_KWH_DIRECT), [0.122835], atol=5e-7)


def test_both_accountings_agree_at_the_direct_coal_rate() -> None:
    mtce = np.array([792.3])
    power = energy.power_from_coal_equivalent(mtce, np.asarray(GCE_PER_KWH_DIRECT))
    np.testing.assert_allclose(energy.direct_equivalent(power, GCE_PER_KWH_DIRECT), mtce, rtol=1e-15)


# shares

MIX = {"coal": np.array([0.6]), "oil": np.array([0.2]), "gas": np.array([0.1]), "clean": np.array([0.1])}

CLOSED = {
    "nothing set": ({}, (0.6, 0.2, 0.1, 0.1)),
    "clean set: fossil shares keep their proportions": ({"clean": 0.4}, (0.4, 2 / 15, 1 / 15, 0.4)),
    "one fossil set: the other two fill, clean stays": ({"coal": 0.3}, (0.3, 0.4, 0.2, 0.1)),
    "clean and one fossil set": ({"clean": 0.4, "coal": 0.3}, (0.3, 0.2, 0.1, 0.4)),
    "two fossil set: the third follows": ({"coal": 0.5, "oil": 0.1}, (0.5, 0.1, 0.3, 0.1)),
    "three fossil set: clean follows": ({"coal": 0.1, "oil": 0.1, "gas": 0.1}, (0.1, 0.1, 0.1, 0.7)),
    "all set: as they are": (
        {"coal": 0.1, "oil": 0.2, "gas": 0.3, "clean": 0.4},
        (0.1, 0.2, 0.3, 0.4),
    ),
    "too much set: a negative rest tells": ({"clean": 0.9, "coal": 0.3}, (0.3, -2 / 15, -1 / 15, 0.9)),
}


@pytest.mark.parametrize(("honoured", "expected"), CLOSED.values(), ids=CLOSED)
def test_shares_close(honoured: dict[str, float], expected: tuple[float, ...]) -> None:
    closed = energy.close_shares({name: np.array([v]) for name, v in honoured.items()}, MIX, "clean")
    np.testing.assert_allclose([closed[name][0] for name in MIX], expected, rtol=1e-14)


def test_shares_without_proportions_split_evenly() -> None:
    none_left = {**MIX, "oil": np.zeros(1), "gas": np.zeros(1)}
    closed = energy.close_shares({"coal": np.array([0.5])}, none_left, "clean")
    assert closed["oil"][0] == closed["gas"][0] == pytest.approx(0.2)


@given(
    raw=st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4),
    honoured=st.dictionaries(st.sampled_from(list(MIX)), st.floats(0.0, 0.3), max_size=3),
)
def test_closed_shares_sum_to_one_and_honour(raw: list[float], honoured: dict[str, float]) -> None:
    proportions = {name: np.array([value / sum(raw)]) for name, value in zip(MIX, raw, strict=True)}
    closed = energy.close_shares({n: np.array([v]) for n, v in honoured.items()}, proportions, "clean")
    assert sum(share[0] for share in closed.values()) == pytest.approx(1.0, abs=1e-14)
    for name, value in honoured.items():
        assert closed[name][0] == value


# emissions and removals


def test_intensity_is_tonnes_per_ten_thousand_yuan() -> None:
    np.testing.assert_allclose(emissions.intensity(np.array([10e3]), np.array([100e3])), [1.0])


def test_a_head_has_its_part() -> None:
    np.testing.assert_allclose(emissions.per_capita(np.array([11200.0]), np.array([1400.0])), [8.0])


@pytest.mark.parametrize(
    ("rate", "captured"), [(-0.5, 0.0), (0.0, 0.0), (0.25, 25.0), (1.0, 100.0), (1.3, 100.0)]
)
def test_capture_stays_between_nothing_and_all(rate: float, captured: float) -> None:
    np.testing.assert_array_equal(removals.captured_co2(np.array([100.0]), np.array([rate])), [captured])


def test_removals_are_taken_off_and_other_gases_added() -> None:
    left = removals.energy_and_process_co2(np.array([100.0]), np.array([30.0]), np.array([5.0]))
    net = removals.net_co2(left, np.array([7.0]), np.array([20.0]))
    assert (left[0], net[0], removals.net_ghg(net, np.array([12.0]))[0]) == (65.0, 38.0, 50.0)
