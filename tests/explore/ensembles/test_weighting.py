"""Effective draws, widening, chances and weighted quantiles against formulas and hand counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.explore.ensembles.weighting import (
    chance,
    effective_size,
    relative_weights,
    weighted_quantiles,
    widening,
)


def test_equal_weights_are_worth_all_draws_and_one_heavy_draw_is_worth_one() -> None:
    assert effective_size(np.full(50, -700.0)) == pytest.approx(50.0)
    assert effective_size(np.array([0.0, *[-1000.0] * 49])) == pytest.approx(1.0)
    assert effective_size(np.log(np.array([2.0, 1.0, 1.0]))) == pytest.approx(16.0 / 6.0)


def test_effective_size_of_a_normal_likelihood() -> None:
    """Prior N(0, 1), likelihood exp(-x²/2): E[w]² / E[w²] = (1/√2)² / (1/√3) = √3/2."""
    x = np.random.default_rng(1).standard_normal(400_000)
    assert effective_size(-0.5 * x**2) / x.size == pytest.approx(np.sqrt(3.0) / 2.0, rel=0.01)


def test_nothing_is_widened_where_enough_draws_count() -> None:
    assert widening(np.zeros(5000), 5000) == 1.0


@given(
    st.lists(st.floats(-300.0, 0.0), min_size=20, max_size=200),
    st.integers(min_value=100, max_value=10**6),
)
def test_widening_is_the_smallest_factor_that_is_enough(logs: list[float], count: int) -> None:
    log_weights = np.array(logs)
    wanted = min(1000 / count, 0.5) * log_weights.size
    factor = widening(log_weights, count)
    assert factor >= 1.0
    assert effective_size(log_weights / factor**2) >= wanted
    if factor > 1.0:
        assert effective_size(log_weights / (factor * 0.999) ** 2) < wanted


def test_widening_by_hand() -> None:
    """Half of the draws at log weight -8: the size is half of (1 + e)² / (1 + e²), with e = exp(-8/f²)."""
    log_weights = np.repeat([0.0, -8.0], 500)
    factor = widening(log_weights, 1250, wanted=750)  # 60 % would be too much: half is asked for
    assert factor == 1.0
    share = 0.5
    assert effective_size(log_weights) / 1000 > share
    factor = widening(np.repeat([0.0, -8.0], [100, 900]), 1000, wanted=400)
    e = np.exp(-8.0 / factor**2)
    assert (0.1 + 0.9 * e) ** 2 / (0.1 + 0.9 * e**2) == pytest.approx(0.4, rel=1e-9)


def test_weights_that_are_all_but_zero_cannot_be_widened() -> None:
    with pytest.raises(ValueError, match="too few draws"):
        widening(np.array([0.0, *[-np.inf] * 99]), 100)


def test_relative_weights_count_from_the_best_or_from_a_reference() -> None:
    logs = np.array([-3.0, -1.0, -2.0])
    np.testing.assert_allclose(relative_weights(logs), np.exp([-2.0, 0.0, -1.0]))
    np.testing.assert_allclose(relative_weights(logs, reference=-2.0), np.exp([-1.0, 1.0, 0.0]))


def test_chance_of_equal_weights_is_binomial() -> None:
    hit = np.arange(400) < 100
    share, error = chance(hit, np.full(400, 3.0))
    assert share == pytest.approx(0.25)
    assert error == pytest.approx(np.sqrt(0.25 * 0.75 / 400))


def test_error_of_a_weighted_chance_is_its_spread_over_repeats() -> None:
    rng = np.random.default_rng(2)
    repeats = []
    for _ in range(600):
        x = rng.standard_normal(800)
        repeats.append(chance(x > 0.5, np.exp(x)))
    shares, errors = np.array(repeats).T
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.1)
    assert np.mean(shares) == pytest.approx(0.69146, abs=0.01)  # N(1, 1) above 0.5


def test_weighted_quantiles_are_those_of_repeated_values() -> None:
    values = np.random.default_rng(3).normal(size=(30, 4))
    times = np.random.default_rng(4).integers(1, 6, 30)
    repeated = np.repeat(values, times, axis=0)
    levels = (0.05, 0.25, 0.5, 0.95)
    expected = np.quantile(repeated, levels, axis=0, method="inverted_cdf")
    np.testing.assert_array_equal(weighted_quantiles(values, times.astype(float), levels), expected)
