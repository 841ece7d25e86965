"""Draws are weighted as a linear Gaussian model says, and the model's own equations agree with the trends."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from dualcarbon import api, project
from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.core.drivers import compound
from dualcarbon.errors import InputError
from dualcarbon.explore.ensembles import history
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.evidence import JUDGED, Errors, evidence, judged_levels, trend_breaks
from dualcarbon.explore.ensembles.history import Past, past_of, read_past
from dualcarbon.explore.ensembles.prior import read_prior
from dualcarbon.explore.ensembles.weighting import effective_size, relative_weights
from dualcarbon.explore.hindcasting import statistics_until

RUN = api.run("current-policies")
LEVERS = ("gdp_growth", "energy_intensity_change", "coal_share", "non_fossil_share", "process_co2")


@pytest.fixture(scope="module")
def past() -> Past:
    return read_past(RUN.library, RUN.built)


def drawn(built: Built, count: int) -> dict[str, Floats]:
    prior = read_prior(RUN.scenario, built, RUN.library)
    uniform = np.random.default_rng(3).random((len(prior.levers), count))
    return lever_paths(built, prior, uniform, lambda name: np.zeros((count, 35)))


# the likelihood


def test_log_weights_are_those_of_the_full_gaussian(past: Past) -> None:
    """The quadratic form, worked out once, against the density of all years and variables at once."""
    levels = judged_levels(statistics_until(RUN.library, 2025))
    moved = levels[:, 16:] - levels[:, 15, None]
    noise = np.random.default_rng(1).normal(0.0, 0.01, (len(JUDGED), 50))
    trends = past.evidence.trend[:, None] + noise
    density = multivariate_normal(cov=past.errors.covariance(10))
    perfect = density.logpdf(np.zeros(moved.size))
    for weight, trend in zip(past.log_likelihood(trends), trends.T, strict=True):
        left = moved - trend[:, None] * np.arange(1, 11)
        assert weight == pytest.approx(density.logpdf(left.ravel()) - perfect, rel=1e-8)


def test_the_covariance_is_that_of_breaks_and_ar1_noise() -> None:
    """Simulated: one break a variable, and two years' difference of a stationary AR(1) process."""
    rng = np.random.default_rng(6)
    correlation = np.array([[1.0, -0.5], [-0.5, 1.0]])
    errors = Errors(np.array([0.01, 0.02]), np.array([0.03, 0.01]), 0.6, correlation)
    count, root = 60_000, np.linalg.cholesky(correlation)
    broken = errors.breaks[:, None] * (root @ rng.standard_normal((2, count)))
    noise = [root @ rng.standard_normal((2, count))]
    for _ in range(4):
        noise.append(0.6 * noise[-1] + 0.8 * (root @ rng.standard_normal((2, count))))
    levels = [
        broken * t + errors.noise[:, None] * (noise[t] - noise[0]) for t in (1, 2, 3, 4)
    ]  # (year)(judged, member)
    found = np.cov(np.array(levels).transpose(1, 0, 2).reshape(8, count))
    expected = errors.covariance(4)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(found / scale, expected / scale, atol=0.02)


def test_a_straight_line_is_explained_without_misfit() -> None:
    errors = Errors(np.array([0.01, 0.02]), np.array([0.01, 0.03]), 0.3, np.array([[1.0, 0.3], [0.3, 1.0]]))
    line = np.outer([0.05, -0.01], np.arange(1, 9))
    found = evidence(line, errors)
    np.testing.assert_allclose(found.trend, [0.05, -0.01], rtol=1e-10)
    assert found.misfit == pytest.approx(0.0, abs=1e-18)


def test_a_trend_is_no_better_known_than_trends_last(past: Past) -> None:
    """Its error is the break and a little noise; a longer window only takes the noise away."""
    error = np.sqrt(np.diag(past.evidence.covariance))
    assert np.all(error > past.errors.breaks)
    np.testing.assert_allclose(error, past.errors.breaks, rtol=0.02)
    without = replace(past.errors, breaks=past.errors.breaks * 1e-6)
    levels = judged_levels(statistics_until(RUN.library, 2025))
    known = evidence(levels[:, 16:] - levels[:, 15, None], without)
    np.testing.assert_allclose(
        np.diag(past.evidence.covariance), np.diag(known.covariance) + past.errors.breaks**2, rtol=1e-6
    )


def test_weighted_draws_give_the_conjugate_posterior(past: Past) -> None:
    """Normal prior times normal likelihood is a normal with the precision-weighted mean."""
    rng = np.random.default_rng(5)
    mean = past.evidence.trend + np.array([-0.01, -0.01, 0.002, 0.002, -0.02])
    spread = np.diag([0.02, 0.02, 0.006, 0.004, 0.04]) ** 2
    trends = rng.multivariate_normal(mean, spread, 400_000).T
    weights = relative_weights(past.log_likelihood(trends))
    precision = np.linalg.inv(spread) + past.root.T @ past.root
    expected = np.linalg.solve(
        precision, np.linalg.inv(spread) @ mean + past.root.T @ past.root @ past.evidence.trend
    )
    found = np.average(trends, axis=1, weights=weights)
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    np.testing.assert_allclose((found - expected) / sd, 0.0, atol=0.02)
    found_sd = np.sqrt(np.average((trends - found[:, None]) ** 2, axis=1, weights=weights))
    np.testing.assert_allclose(found_sd, sd, rtol=0.01)


def test_beliefs_show_prior_window_and_posterior(past: Past) -> None:
    trends = past.trends(drawn(RUN.built, 4000))
    beliefs = past.beliefs(trends, past.log_likelihood(trends))
    assert [b.name for b in beliefs] == list(JUDGED)
    non_fossil = beliefs[JUDGED.index("non_fossil_share")]
    assert non_fossil.window < non_fossil.posterior < non_fossil.prior
    assert non_fossil.posterior_sd < non_fossil.prior_sd
    same = past.beliefs(trends, np.zeros(4000))
    for belief in same:
        assert belief.posterior == pytest.approx(belief.prior, rel=1e-9)
        assert belief.posterior_sd == pytest.approx(belief.prior_sd, rel=1e-9)


# what a trend is


def test_trends_are_those_of_the_models_equations(past: Past) -> None:
    """Carried over ten years at a constant pace, a draw's trends give the levels that the model gives."""
    paths = drawn(RUN.built, 20)
    trends = past.trends(paths)
    rates = {n: paths[n][:, :10].mean(axis=1) for n in ("gdp_growth", "energy_intensity_change")}
    steady = {name: np.repeat(rate[:, None], 35, axis=1) for name, rate in rates.items()}
    results = project.pathway(draw_inputs(RUN.built, {**paths, **steady}))
    for row, name in enumerate(("gdp", "energy_total")):
        moved = np.log(results[name][:, 10] / results[name][:, 0]) / 10
        np.testing.assert_allclose(trends[row], moved, rtol=1e-10)
    for row, name in enumerate(("coal_share", "non_fossil_share"), start=2):
        moved = (results[name][:, 10] - results[name][:, 0]) / 10
        np.testing.assert_allclose(trends[row], moved, rtol=1e-10)
    moved = np.log(results["process_co2"][:, 10] / results["process_co2"][:, 0]) / 10
    np.testing.assert_allclose(trends[4], moved, rtol=1e-10)


def test_a_lever_that_is_not_drawn_takes_its_central_path(past: Past) -> None:
    paths = drawn(RUN.built, 6)
    future = {name: RUN.levers[name][26:] for name in LEVERS}
    whole = {name: np.repeat(path[None], 6, axis=0) for name, path in future.items()}
    only = {"gdp_growth": paths["gdp_growth"]}
    np.testing.assert_array_equal(past.log_weights(only), past.log_weights({**whole, **only}))


def test_a_process_path_to_zero_keeps_a_finite_weight(past: Past) -> None:
    paths = {"process_co2": np.zeros((3, 35))}
    assert np.all(np.isfinite(past.log_weights(paths)))


def test_the_window_moves_weights_towards_what_happened(past: Past) -> None:
    """Non-fossil energy grew by about a point a year in 2015-2025; three points a year explain it worse."""
    base, years = 0.217, np.arange(1, 36)
    paths = {"non_fossil_share": np.array([base + 0.01 * years, base + 0.02 * years, base + 0.03 * years])}
    slow, fast, faster = past.log_weights(paths)
    assert slow > fast > faster


@pytest.mark.parametrize("size", [1, 7, 64])
def test_weights_have_the_same_bits_in_any_block(past: Past, size: int) -> None:
    paths = drawn(RUN.built, 150)
    whole = past.log_weights(paths)
    for first in range(0, 150, size):
        part = slice(first, first + size)
        cut = {name: np.asfortranarray(path[part]) for name, path in paths.items()}
        np.testing.assert_array_equal(past.log_weights(cut), whole[part])


# the sizes of the errors


def test_breaks_of_a_line_that_bends_once() -> None:
    """Two years at 3 a year, then two at 1: from the bend 2 a year off, a year later 1."""
    level = np.array([[0.0, 3.0, 6.0, 7.0, 8.0]])
    # start 2: -2 after one and two years; start 3: the mean of 3 and 1 is 2, so -1
    assert trend_breaks(level, 2)[0] == pytest.approx(np.sqrt((4 + 4 + 1) / 3))


def test_random_breaks_have_their_size() -> None:
    """Slopes of two stretches of five years, each normal with a spread of 2 %.

    A start *k* years into the second stretch knows *k* of five years of its slope, so it misses by (5 - k)/5
    of the break and has 5 - k years to miss: 0.6 of the squared break, which is twice the squared spread.
    """
    slopes = np.random.default_rng(11).normal(0.0, 0.02, (2, 4000)).repeat(5, axis=0)
    levels = np.concatenate([np.zeros((1, 4000)), np.cumsum(slopes, axis=0)]).T
    sizes = trend_breaks(levels, 5)
    assert np.sqrt(np.mean(sizes**2)) == pytest.approx(np.sqrt(0.6 * 2.0) * 0.02, rel=0.03)


def test_sizes_found_in_history_are_those_of_the_note(past: Past) -> None:
    """The numbers that the decision note states, so that it is updated with the statistics."""
    np.testing.assert_allclose(past.errors.breaks * 100, [2.92, 3.69, 1.02, 0.52, 5.86], atol=0.01)
    np.testing.assert_allclose(past.errors.noise * 100, [1.20, 1.63, 0.77, 0.49, 3.15], atol=0.01)
    assert past.errors.autoregression == pytest.approx(0.16, abs=0.01)
    np.testing.assert_allclose(past.evidence.trend * 100, [5.25, 3.61, -1.12, 0.88, -1.30], atol=0.01)


def test_what_draws_were_held_to_is_recorded(past: Past) -> None:
    record = json.loads(json.dumps(past.record()))
    assert record["window"] == [2015, 2025]
    assert record["trend_breaks"]["non_fossil_share"] == pytest.approx(0.52, abs=0.01)
    assert record["noise"]["base_year_energy_error"] == pytest.approx(0.54, abs=0.01)


def test_nothing_after_the_base_year_is_read() -> None:
    """A scenario that starts in 2020 is held to what was known then."""
    early = api.run(replace(RUN.scenario, base_year=2020))
    past = read_past(early.library, early.built)
    assert past.window == (2010, 2020)
    known = statistics_until(early.library, 2020)
    central = {name: path[early.years > 2020] for name, path in early.levers.items()}
    expected = past_of(known, central, (2010, 2020), past.noise.measurement)
    np.testing.assert_array_equal(past.evidence.trend, expected.evidence.trend)
    np.testing.assert_array_equal(past.noise.sizes, expected.noise.sizes)


# windows


def test_another_window_gives_other_weights() -> None:
    boom = read_past(RUN.library, RUN.built, (2000, 2010))
    known = statistics_until(RUN.library, 2025)
    gdp = np.log(compound(known.gdp_first, known.gdp_growth))
    assert boom.evidence.trend[0] == pytest.approx((gdp[10] - gdp[0]) / 10, rel=0.1)
    assert boom.horizon == 10
    assert read_past(RUN.library, RUN.built, (2022, 2025)).horizon == 3
    assert read_past(RUN.library, RUN.built, (2000, 2025)).horizon == 10


@pytest.mark.parametrize(
    ("window", "what"),
    [
        ((1999, 2010), "1999-2010 leaves the years of the statistics, 2000-2025"),
        ((2015, 2026), "2015-2026 leaves the years of the statistics, 2000-2025"),
        ((2023, 2025), "2023-2025 is too short; a window spans at least 3 years of change"),
        ((2025, 2015), "2025-2015 is too short; a window spans at least 3 years of change"),
    ],
)
def test_a_window_that_cannot_be_used_is_refused(window: tuple[int, int], what: str) -> None:
    with pytest.raises(InputError) as error:
        read_past(RUN.library, RUN.built, window)
    assert str(error.value) == f"--window: {what}"


def test_windows_are_written_as_two_years() -> None:
    assert history.parse_window("2015-2025") == (2015, 2025)
    assert history.parse_window(" 2010 – 2020 ") == (2010, 2020)
    for text in ("2015", "2015-25", "ten years", ""):
        with pytest.raises(InputError, match="write it as 2015-2025"):
            history.parse_window(text)


def test_a_past_travels_to_other_processes(past: Past) -> None:
    there = pickle.loads(pickle.dumps(past))
    paths = drawn(RUN.built, 10)
    np.testing.assert_array_equal(there.log_weights(paths), past.log_weights(paths))


def test_bundled_scenarios_keep_enough_effective_draws() -> None:
    """Deep decarbonisation breaks the trend of the non-fossil share; it loses weight, not all of it."""
    for scenario in api.scenarios():
        run = api.run(scenario.name)
        weights = read_past(run.library, run.built).log_weights(drawn(run.built, 8000))
        share = effective_size(weights) / 8000
        assert share > (0.001 if scenario.name == "deep-decarbonisation" else 0.03), scenario.name


def test_a_short_horizon_is_judged_by_the_years_it_has() -> None:
    short = api.run(replace(RUN.scenario, end_year=2030))
    past = read_past(short.library, short.built)
    assert past.horizon == 5
    share = short.levers["non_fossil_share"]
    trends = past.trends({"gdp_growth": np.full((2, 5), 0.05)})
    np.testing.assert_allclose(trends[0], np.log(1.05), rtol=1e-12)
    np.testing.assert_allclose(trends[3], (share[30] - share[25]) / 5, rtol=1e-12)
