"""Sobol indices against known answers, SALib and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.analyze import sobol as salib
from scipy import stats

from dualcarbon.explore.sensitivity.indices import sobol_indices
from dualcarbon.explore.sensitivity.sampling import exchanged
from sobol_functions import evaluated, ishigami, ishigami_answer, sobol_g, sobol_g_answer


def indices(values, **options):
    return sobol_indices(*values, np.random.default_rng(5), **options)


@pytest.mark.parametrize("first", ["saltelli", "jansen"])
@pytest.mark.parametrize(
    ("function", "factors", "answer"), [(ishigami, 3, ishigami_answer()), (sobol_g, 8, sobol_g_answer())]
)
def test_known_answers(function, factors, answer, first):
    """At 16384 points the error over scrambles is 0.002 (root mean square); four times that is allowed."""
    found = indices(evaluated(function, factors, points=16384), first=first, resamples=20)
    np.testing.assert_allclose(found.first[0], answer[0], rtol=0, atol=0.008)
    np.testing.assert_allclose(found.total[0], answer[1], rtol=0, atol=0.008)


def test_mean_and_variance_of_ishigami():
    found = indices(evaluated(ishigami, 3, points=16384), resamples=20)
    assert found.mean[0] == pytest.approx(3.5, abs=0.01)
    assert found.variance[0] == pytest.approx(13.8446, rel=0.005)  # a²/8 + b pi⁴/5 + b² pi⁸/18 + 1/2


def test_the_error_falls_with_the_points():
    def error(points):
        off = [
            indices(evaluated(ishigami, 3, points, seed), resamples=1).first[0] - ishigami_answer()[0]
            for seed in range(10)
        ]
        return np.sqrt(np.mean(np.square(off)))

    assert error(4096) < error(256) / 4.0  # plain Monte Carlo would make it 4 times


@pytest.mark.parametrize("factors", [3, 8])
def test_the_same_as_salib(factors):
    function = {3: ishigami, 8: sobol_g}[factors]
    values = evaluated(function, factors, points=512)
    a, b, ab = (array[..., 0, :] for array in values)
    rows = np.concatenate([a[None], ab, b[None]]).T.ravel()
    problem = {"num_vars": factors, "names": [f"x{k}" for k in range(factors)]}
    theirs = salib.analyze(problem, rows, calc_second_order=False, num_resamples=2, seed=1)
    ours = indices(values, resamples=2)
    np.testing.assert_allclose(ours.first[0], theirs["S1"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours.total[0], theirs["ST"], rtol=0, atol=1e-12)


def test_resamples_are_as_salib_evaluates_them():
    """Each of our resamples equals SALib's estimators at the points drawn."""
    values = evaluated(ishigami, 3, points=64)
    found = indices(values, resamples=200)
    centre = (values[0].sum() + values[1].sum() + values[2].sum()) / (5 * 64)
    a, b, ab = (array[..., 0, :] - centre for array in values)
    drawn = np.random.default_rng(5).integers(0, 64, size=(200, 64), dtype=np.int64)
    for k in range(3):
        first = [salib.first_order(a[r], ab[k][r], b[r]) for r in drawn]
        total = [salib.total_order(a[r], ab[k][r], b[r]) for r in drawn]
        np.testing.assert_allclose(found.first_interval[0, k], np.quantile(first, (0.025, 0.975)), rtol=1e-9)
        np.testing.assert_allclose(found.total_interval[0, k], np.quantile(total, (0.025, 0.975)), rtol=1e-9)


def test_close_to_scipy():
    """Scipy centres on the mean of A and B alone, so that the first-order indices differ a little."""
    values = evaluated(ishigami, 3, points=1024)
    theirs = stats.sobol_indices(func={"f_A": values[0], "f_B": values[1], "f_AB": values[2]}, n=1024)
    ours = indices(values, resamples=2)
    np.testing.assert_allclose(ours.first[0], theirs.first_order.ravel(), rtol=0, atol=1e-3)
    np.testing.assert_allclose(ours.total[0], theirs.total_order.ravel(), rtol=0, atol=1e-12)


def test_intervals_of_random_points_cover_the_answer():
    """Over plain random points 95 % intervals hold the answer in 95 % of repeats, give or take."""
    hits = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        a, b = rng.random((2, 3, 512))
        values = [ishigami(u)[None] for u in (a, b, *(exchanged(a, b, [k]) for k in range(3)))]
        found = sobol_indices(values[0], values[1], np.stack(values[2:]), rng, resamples=200)
        ends = np.stack([found.first_interval[0], found.total_interval[0]])
        answer = np.stack(ishigami_answer())
        hits.append((ends[..., 0] <= answer) & (answer <= ends[..., 1]))
    assert 0.90 < np.mean(hits) < 0.98


def test_an_additive_function_has_no_interactions():
    slopes = np.array([1.0, 2.0, 3.0])[:, None]
    found = indices(evaluated(lambda u: (slopes * u).sum(axis=0), 3, points=4096), resamples=2)
    exact = np.array([1.0, 4.0, 9.0]) / 14.0
    np.testing.assert_allclose(found.first[0], exact, rtol=0, atol=2e-3)
    np.testing.assert_allclose(found.total[0], exact, rtol=0, atol=2e-3)
    assert abs(found.interactions[0]) < 4e-3


def test_a_pure_interaction():
    found = indices(evaluated(lambda u: (u[0] - 0.5) * (u[1] - 0.5), 2, points=4096), resamples=2)
    np.testing.assert_allclose(found.first[0], [0.0, 0.0], rtol=0, atol=0.01)
    np.testing.assert_allclose(found.total[0], [1.0, 1.0], rtol=0, atol=0.01)
    assert found.interactions[0] == pytest.approx(1.0, abs=0.02)


def test_a_factor_without_influence_is_exactly_zero():
    found = indices(evaluated(lambda u: u[0] ** 2, 2), resamples=50)
    assert found.first[0, 1] == found.total[0, 1] == 0.0
    assert not found.first_interval[0, 1].any()
    assert not found.total_interval[0, 1].any()


@pytest.mark.parametrize("constant", [0.0, 2060.0, 0.1 + 0.2])
def test_an_output_that_does_not_vary_has_no_indices(constant):
    values = evaluated(lambda u: np.stack([u[0], np.full(u.shape[1], constant)]), 2)
    found = indices(values, resamples=10)
    assert found.varies.tolist() == [True, False]
    assert np.isnan(found.first[1]).all()
    assert np.isnan(found.total_interval[1]).all()
    assert found.first[0, 0] == pytest.approx(1.0, abs=0.01)


def test_outputs_do_not_touch_one_another(monkeypatch):
    """Many outputs in small blocks give what each gives alone."""
    values = evaluated(lambda u: np.stack([ishigami(u) * k + u[0] for k in range(5)]), 3, points=128)
    whole = indices(values, resamples=30)
    monkeypatch.setattr("dualcarbon.explore.sensitivity.indices._AT_ONCE", 128 * 11)
    parts = indices(values, resamples=30)
    np.testing.assert_allclose(whole.first, parts.first, rtol=1e-12)
    assert parts.first_interval.shape == (5, 3, 2)
    assert (parts.total_interval[..., 0] <= parts.total_interval[..., 1]).all()


@given(shift=st.floats(-1e4, 1e4), scale=st.floats(0.01, 100.0), sign=st.sampled_from([-1.0, 1.0]))
def test_units_do_not_matter(shift, scale, sign):
    values = evaluated(ishigami, 3, points=64)
    moved = tuple(sign * scale * array + shift for array in values)
    one, other = indices(values, resamples=5), indices(moved, resamples=5)
    np.testing.assert_allclose(other.first, one.first, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(other.total_interval, one.total_interval, rtol=1e-6, atol=1e-7)


def test_factors_of_several_dimensions():
    """Two dimensions exchanged together count as one factor, their interaction with them."""
    values = evaluated(ishigami, 3, points=16384, groups=[[0, 2], [1]])
    found = indices(values, resamples=2)
    two = ishigami_answer()[0][1]
    np.testing.assert_allclose(found.first[0], [1.0 - two, two], rtol=0, atol=0.008)
    np.testing.assert_allclose(found.total[0], [1.0 - two, two], rtol=0, atol=0.008)


def test_values_that_are_not_numbers_are_refused():
    a, b, ab = evaluated(ishigami, 3, points=8)
    ab[1, 0, 3] = np.nan
    with pytest.raises(ValueError, match="finite"):
        indices((a, b, ab))
