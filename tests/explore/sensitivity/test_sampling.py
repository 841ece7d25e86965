"""The points of Sobol indices."""

from __future__ import annotations

import numpy as np
import pytest

from dualcarbon.explore.sensitivity.sampling import exchanged, two_samples


def test_each_dimension_of_both_samples_is_even():
    """A scrambled Sobol sequence of 2^m points puts one into each of 2^m equal cells of every dimension."""
    for sample in two_samples(5, 64, np.random.default_rng(1)):
        assert sample.shape == (5, 64)
        for row in sample:
            assert sorted(np.floor(row * 64).astype(int)) == list(range(64))


def test_the_two_samples_are_independent():
    a, b = two_samples(3, 4096, np.random.default_rng(1))
    assert np.abs(np.corrcoef(np.concatenate([a, b])) - np.eye(6)).max() < 0.01


def test_the_seed_decides():
    one, again, other = (two_samples(2, 8, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_an_exchange_leaves_its_sources_alone():
    a, b = np.zeros((3, 4)), np.ones((3, 4))
    mixed = exchanged(a, b, [0, 2])
    assert mixed[:, 0].tolist() == [1.0, 0.0, 1.0]
    assert not a.any()


@pytest.mark.parametrize("points", [0, -4, 1000])
def test_points_are_a_power_of_two(points):
    with pytest.raises(ValueError, match="power of two"):
        two_samples(2, points, np.random.default_rng(1))
