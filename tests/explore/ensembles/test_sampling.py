"""Random numbers by index."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dualcarbon.explore.ensembles.sampling import CHUNK, METHODS, Sampler

LEVERS = ("a", "b", "c")
N = 2 * CHUNK + 1000


def sampler(method="sobol", seed=7, n=N):
    return Sampler(method, seed, n, LEVERS, years=5)


WHOLE = {method: sampler(method).uniform(0, N) for method in METHODS}
NORMALS = sampler().normals("gdp", 0, N)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(METHODS), st.integers(0, N - 1), st.integers(1, N))
def test_a_draw_does_not_depend_on_the_block(method, first, count):
    count = min(count, N - first)
    part = sampler(method).uniform(first, count)
    assert np.array_equal(part, WHOLE[method][:, first : first + count])
    assert np.array_equal(sampler().normals("gdp", first, count), NORMALS[first : first + count])


@pytest.mark.parametrize("method", METHODS)
def test_one_sampler_may_go_back_and_be_sent_elsewhere(method):
    one = sampler(method)
    later = one.uniform(CHUNK, 10)
    sent = pickle.loads(pickle.dumps(one))
    for again in (one, sent):
        assert np.array_equal(again.uniform(0, 10), WHOLE[method][:, :10])
        assert np.array_equal(again.uniform(CHUNK, 10), later)


def test_an_engine_that_another_thread_has_taken_is_made_anew():
    class Emptied(list):
        """Looks as it did before another thread took the last engine."""

        def __bool__(self):
            return True

    one = sampler()
    one._made["engines"] = Emptied()
    assert np.array_equal(one.uniform(0, 10), WHOLE["sobol"][:, :10])


@pytest.mark.parametrize("method", METHODS)
def test_numbers_are_uniform_inside_the_open_interval(method):
    u = WHOLE[method]
    assert u.shape == (3, N)
    assert 0.0 < u.min() < u.max() < 1.0
    assert all(stats.kstest(row, "uniform").pvalue > 1e-3 for row in u)
    assert np.abs(np.corrcoef(u) - np.eye(3)).max() < 0.04


def test_zero_from_the_generator_does_not_reach_the_normal_scores(monkeypatch):
    class Zero:
        def random(self, shape):
            return np.zeros(shape)

        def permutation(self, n):
            return np.arange(n)

    monkeypatch.setattr(Sampler, "_stream", lambda *key: Zero())
    for method in ("lhs", "random"):
        assert sampler(method).uniform(0, 5).min() > 0.0


def test_sobol_points_are_those_of_scipy_half_a_step_up():
    engine = sampler()._sobol_engine()
    assert np.array_equal(WHOLE["sobol"][:, :CHUNK], engine.random(CHUNK).T + 2.0**-31)


@pytest.mark.parametrize("n", [1, 7, 5000])
def test_a_latin_hypercube_has_one_draw_in_every_stratum(n):
    u = sampler("lhs", n=n).uniform(0, n)
    assert np.array_equal(np.sort(np.floor(u * n), axis=1), np.tile(np.arange(n), (3, 1)))


def test_streams_of_normals_are_independent_and_standard():
    other = sampler().normals("noise", 0, N)
    assert stats.kstest(NORMALS.ravel(), "norm").pvalue > 1e-3
    assert abs(np.corrcoef(NORMALS.ravel(), other.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(NORMALS[:CHUNK].ravel(), NORMALS[CHUNK : 2 * CHUNK].ravel())[0, 1]) < 0.03


@pytest.mark.parametrize("method", METHODS)
def test_seeds_differ_and_zero_is_a_seed(method):
    assert not np.array_equal(sampler(method, seed=8).uniform(0, 9), WHOLE[method][:, :9])
    assert np.array_equal(sampler(method, seed=0).uniform(0, 9), sampler(method, seed=0).uniform(0, 9))


def test_sobol_beats_random_on_a_smooth_mean():
    error = {m: abs(float(WHOLE[m].sum(axis=0).mean()) - 1.5) for m in ("sobol", "random")}
    assert error["sobol"] < error["random"] / 5
