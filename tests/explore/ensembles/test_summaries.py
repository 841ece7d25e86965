"""Summaries that merge exactly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualcarbon.errors import DualcarbonError
from dualcarbon.explore.ensembles.sampling import CHUNK
from dualcarbon.explore.ensembles.summaries import (
    BINS,
    UNIT_WEIGHT,
    Grid,
    Tally,
    whole_weights,
)
from dualcarbon.explore.ensembles.weighting import chance

CHUNKS = 10
N = CHUNKS * CHUNK
PROBABILITIES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
RNG = np.random.default_rng(5)
VALUES = np.array(
    [
        RNG.normal(1.2e4, 300.0, N),
        RNG.lognormal(0.0, 1.0, N),
        RNG.uniform(-1e-3, 1e-3, N),
        np.where(RNG.random(N) < 0.97, 0.0, RNG.random(N)),
        np.full(N, 0.1),
    ]
)
PEAKS = RNG.integers(0, 62, N)
MET = RNG.random((3, N)) < 0.4
WEIGHTS = whole_weights(RNG.normal(-3.0, 1.0, N), -0.5)
GRID = Grid.around(VALUES[:, : 4 * CHUNK])


def tally(chunks, weights=None, *, few=False):
    one = Tally(len(VALUES), {"peak": 62, "targets": 3}, few=few)
    for k in chunks:
        part = slice(k * CHUNK, (k + 1) * CHUNK)
        classes = {"peak": PEAKS[part], "targets": MET[:, part]}
        one.add(
            [VALUES[:2, part], VALUES[2:, part]], GRID, classes, None if weights is None else weights[part]
        )
    return one


def bits(one):
    arrays = (one.bins, one.sums, one.lowest, one.highest)
    counts = (*one.classes.values(), *one.class_squares.values())
    return one.draws, one.total, one.squares, one.cut, *(a.tobytes() for a in (*arrays, *counts))


@settings(max_examples=12, deadline=None)
@given(st.permutations(range(CHUNKS)), st.lists(st.integers(1, CHUNKS - 1), max_size=4), st.booleans())
def test_merging_is_exact_in_any_order(order, cuts, weighted):
    weights = WEIGHTS if weighted else None
    edges = [0, *sorted(set(cuts)), CHUNKS]
    merged = tally([], weights)
    for first, last in pairwise(edges):
        merged.merge(tally(order[first:last], weights, few=not weighted))
    assert bits(merged) == bits(tally(range(CHUNKS), weights))


@pytest.mark.parametrize("weighted", [False, True])
def test_moments_and_classes_are_those_of_the_draws(weighted):
    weights = WEIGHTS if weighted else None
    one, w = tally(range(CHUNKS), weights), WEIGHTS.astype(float) if weighted else np.ones(N)
    mean, sd = one.moments(GRID, weighted=weighted)
    expected = np.average(VALUES, axis=1, weights=w)
    spread = np.sqrt(np.average((VALUES - expected[:, None]) ** 2, axis=1, weights=w))
    np.testing.assert_allclose(mean, expected, rtol=0, atol=1e-9 * GRID.width.max() * BINS)
    np.testing.assert_allclose(mean[4], 0.1, rtol=1e-15)
    np.testing.assert_allclose(sd, spread, rtol=1e-8, atol=1e-9)
    assert one.effective(weighted=weighted) == pytest.approx(w.sum() ** 2 / (w * w).sum(), rel=1e-8)
    assert one.shares("peak") == pytest.approx(np.bincount(PEAKS, w, 62) / w.sum(), rel=1e-12)
    assert one.shares("targets") == pytest.approx((MET * w).sum(axis=1) / w.sum(), rel=1e-12)
    errors = one.standard_errors("targets", weighted=weighted)
    assert errors == pytest.approx([chance(met, w)[1] for met in MET], rel=1e-8)
    if not weighted:
        p = one.shares("targets")
        assert errors == pytest.approx(np.sqrt(p * (1.0 - p) / N), rel=1e-12)
    assert (one.lowest == VALUES.min(axis=1)).all()
    assert (one.highest == VALUES.max(axis=1)).all()


@pytest.mark.parametrize("weighted", [False, True])
def test_quantiles_are_within_a_bin_of_the_exact_ones(weighted):
    w = WEIGHTS.astype(float) if weighted else np.ones(N)
    found = tally(range(CHUNKS), WEIGHTS if weighted else None).quantiles(GRID, PROBABILITIES)
    for k, values in enumerate(VALUES):
        order = np.argsort(values)
        reached = np.cumsum(w[order])
        exact = [values[order][np.searchsorted(reached, p * reached[-1])] for p in PROBABILITIES]
        assert np.abs(found[:, k] - exact).max() <= GRID.width[k]


def test_standard_errors_are_those_of_repeated_samples():
    """Where heavy draws hit, the binomial error with the effective draws is far too small."""
    rng, n, repeats = np.random.default_rng(11), 1000, 400
    grid, shares, errors, binomial = Grid(np.zeros(1), np.ones(1)), [], [], []
    for _ in range(repeats):
        x = rng.standard_normal(n)
        one = Tally(1, {"targets": 1})
        weights = whole_weights(1.3 * x, 4.0)
        one.add([np.zeros((1, n))], grid, {"targets": (x > 2.5)[None]}, weights)
        (p,) = one.shares("targets")
        shares.append(p)
        errors.append(one.standard_errors("targets", weighted=True)[0])
        binomial.append(np.sqrt(p * (1.0 - p) / one.effective(weighted=True)))
    true = np.std(shares)
    assert np.mean(errors) == pytest.approx(true, rel=0.15)
    assert np.mean(binomial) < 0.7 * true


def test_weights_that_are_cut_are_counted():
    values, grid = [np.zeros((1, 5))], Grid(np.zeros(1), np.ones(1))
    one, other = Tally(1, {}), Tally(1, {})
    one.add(values, grid, {}, whole_weights(np.array([0.0, 1.0, 2.7, 2.8, 50.0]), 0.0))
    other.add(values, grid, {}, whole_weights(np.array([0.0, 0.0, 0.0, 0.0, 9.0]), 0.0))
    assert (one.cut, other.cut) == (2, 1)
    one.merge(other)
    assert one.cut == 3


def test_bins_are_narrow_beside_the_spread():
    low, high = np.quantile(VALUES[:3], (0.05, 0.95), axis=1)
    assert (GRID.width[:3] / (high - low) < 5e-4).all()


def test_draws_beyond_the_bins_are_counted():
    one = Tally(1, {})
    grid = Grid(np.array([0.0]), np.array([1.0 / BINS]))
    one.add([np.array([[-5.0, 0.5, 0.5, 9.0]])], grid, {})
    assert one.beyond().tolist() == [0.5]
    assert one.quantiles(grid, (0.01, 0.99)).ravel().tolist() == [-5.0, 9.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_refused(bad):
    with pytest.raises(DualcarbonError, match="not a finite number"):
        Tally(1, {}).add([np.array([[1.0, bad]])], Grid(np.zeros(1), np.ones(1)), {})


def test_weights_are_whole_numbers_and_bounded():
    assert whole_weights(np.array([-1.0, -2.0, 90.0, -1e9]), -1.0).tolist() == [
        UNIT_WEIGHT,
        round(UNIT_WEIGHT / np.e),
        16 * UNIT_WEIGHT,
        0,
    ]
