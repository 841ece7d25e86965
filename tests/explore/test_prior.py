"""What is uncertain: quantiles against scipy, the lever table's ranges, rank correlation."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dualcarbon.errors import InputError
from dualcarbon.explore.ensembles import shapes
from dualcarbon.explore.ensembles.correlation import score_correlation
from dualcarbon.scenario import read_scenario_text
from dualcarbon.tables.levers import lever_history, read_levers
from uncertain import EVERYTHING, LIBRARY, marginal, read, uniforms

LEVERS = read_levers(LIBRARY)
U = np.array([1e-9, 0.001, 0.05, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95, 0.999, 1 - 1e-9])


# the lever table's ranges


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_the_lever_table_comes_out_at_5_50_and_95_percent(lever):
    _, _, prior = read()
    found = prior.marginals[prior.levers.index(lever.name)]
    years, low, high = zip(*lever.range90, strict=True)
    middle = 1.0 if lever.multiplicative else 0.0
    drawn = found.deviations(np.array([0.05, 0.5, 0.95]))
    assert found.years.tolist() == list(years)
    np.testing.assert_allclose(drawn[:, 0], low, rtol=1e-13)
    np.testing.assert_array_equal(drawn[:, 1], middle)
    np.testing.assert_allclose(drawn[:, 2], high, rtol=1e-13)
    assert found.rests_on.startswith("lever table (")


def test_every_lever_is_uncertain_and_independent_unless_the_scenario_says_otherwise():
    _, _, prior = read()
    assert prior.levers == tuple(LEVERS)
    np.testing.assert_array_equal(prior.correlation, np.eye(len(LEVERS)))


def test_both_halves_of_a_table_shape_are_those_of_its_name():
    """Split normal, split lognormal and split triangle, each half against scipy."""
    _, _, prior = read()
    by_name = dict(zip(prior.levers, prior.marginals, strict=True))
    upper, lower = U[U > 0.5], U[U < 0.5]
    _, low, high = LEVERS["coal_share"].range90[2]
    drawn = by_name["coal_share"].deviations
    scale = {half: abs(np.log(end)) / stats.norm.ppf(0.95) for half, end in (("low", low), ("high", high))}
    np.testing.assert_allclose(drawn(upper)[2], stats.lognorm.ppf(upper, scale["high"]), rtol=1e-13)
    np.testing.assert_allclose(drawn(lower)[2], stats.lognorm.ppf(lower, scale["low"]), rtol=1e-13)
    _, low, high = LEVERS["land_sink"].range90[1]
    drawn = by_name["land_sink"].deviations
    for u, end, side in ((upper, high, 1.0), (lower, low, -1.0)):
        width = abs(end - 1.0) / (1.0 - np.sqrt(0.1))
        expected = stats.triang.ppf(u, 0.5, loc=1.0 - width, scale=2.0 * width)
        assert (np.sign(drawn(u)[1] - 1.0) == side).all()
        np.testing.assert_allclose(drawn(u)[1], expected, rtol=1e-7)  # scipy loses digits at the ends
    _, low, high = LEVERS["non_fossil_share"].range90[0]
    expected = stats.norm.ppf(U, scale=high / stats.norm.ppf(0.95))
    np.testing.assert_allclose(by_name["non_fossil_share"].deviations(U)[0], expected, rtol=1e-12, atol=1e-18)


# distributions of a scenario


def expected_truncnorm(u):
    return stats.truncnorm.ppf(u, -1.0, 2.0, scale=0.01)


PERT = (1.0 + 4.0 * 3.0 / 5.0, 1.0 + 4.0 * 2.0 / 5.0)

CASES = {
    "{normal: {sd: 0.6 pp}}": lambda u: stats.norm.ppf(u, scale=0.006),
    "{normal: {sd: 10 %}, relative: true}": lambda u: 1.0 + stats.norm.ppf(u, scale=0.1),
    "{lognormal: {sd: 10 %}}": lambda u: stats.lognorm.ppf(u, 0.1),
    "{uniform: {low: -1 pp, high: 2 pp}}": lambda u: stats.uniform.ppf(u, -0.01, 0.03),
    "{triangular: {low: -2 pp, mode: 1 pp, high: 3 pp}}": lambda u: stats.triang.ppf(u, 0.6, -0.02, 0.05),
    "{triangular: {low: 0 pp, mode: 0 pp, high: 3 pp}}": lambda u: stats.triang.ppf(u, 0.0, 0.0, 0.03),
    "{triangular: {low: -3 pp, mode: 0 pp, high: 0 pp}}": lambda u: stats.triang.ppf(u, 1.0, -0.03, 0.03),
    "{pert: {low: -2 pp, mode: 1 pp, high: 3 pp}}": lambda u: stats.beta.ppf(u, *PERT, -0.02, 0.05),
    "{pert: {low: 0 pp, mode: 0 pp, high: 3 pp}}": lambda u: stats.beta.ppf(u, 1.0, 5.0, 0.0, 0.03),
    "{normal: {sd: 1 pp}, truncate: {low: -1 pp, high: 2 pp}}": expected_truncnorm,
    "{uniform: {low: -3 pp, high: 1 pp}, truncate: {low: -2 pp}}": lambda u: -0.02 + 0.03 * u,
    "{lognormal: {sd: 10 %}, truncate: {high: 0 %}}": lambda u: stats.lognorm.ppf(u / 2.0, 0.1),
}  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES.items(), ids=CASES)
def test_quantiles_are_those_of_scipy(words, expected):
    found = marginal("gdp_growth", words)
    assert found.rests_on == "scenario"
    np.testing.assert_allclose(found.deviations(U)[0], expected(U), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("a", "b"), [(1.0, 5.0), (3.0, 3.0), (2.2, 3.8), (5.0, 1.0)])
def test_the_cubics_of_pert_are_as_good_as_the_inverse_beta_function(a, b):
    shape = shapes.Pert(0.0, (a - 1.0) / 4.0, 1.0)
    assert shape.exponents == pytest.approx((a, b))
    u = np.random.default_rng(3).random(20_000)
    np.testing.assert_allclose(shape.quantile(u), stats.beta.ppf(u, a, b), atol=1e-10)


def test_the_mean_of_pert_is_the_weighted_one():
    middle = (np.arange(200_000) + 0.5) / 200_000
    drawn = marginal("gdp_growth", "{pert: {low: -2 pp, mode: 1 pp, high: 3 pp}}").deviations(middle)[0]
    assert drawn.mean() == pytest.approx((-0.02 + 4 * 0.01 + 0.03) / 6, rel=1e-6)


def test_a_choice_takes_each_value_by_its_weight():
    words = "{choice: {values: [1 pp, -1 pp, 0 pp], weights: [1, 1, 2]}}"
    middle = (np.arange(1000) + 0.5) / 1000
    values, counts = np.unique(marginal("gdp_growth", words).deviations(middle)[0], return_counts=True)
    assert values.tolist() == [-0.01, 0.0, 0.01]
    assert counts.tolist() == [250, 500, 250]
    cut = marginal("gdp_growth", words[:-1] + ", truncate: {low: -0.5 pp}}").deviations(middle)[0]
    values, counts = np.unique(cut, return_counts=True)
    assert values.tolist() == [0.0, 0.01]
    assert counts == pytest.approx([667, 333], abs=1)


@pytest.mark.parametrize(("lever", "log"), [("gas_share", True), ("non_fossil_share", False)])
def test_history_draws_the_residuals_of_the_trend(lever, log):
    years = np.arange(2010, 2022)
    past = lever_history(LIBRARY, lever, years)
    past = np.log(past) if log else past
    residuals = past - np.polyval(np.polyfit(years - 2015, past, 1), years - 2015)
    found = marginal(lever, "{history: {window: [2010, 2021]}}")
    drawn = found.deviations((np.arange(12) + 0.5) / 12)[0]
    assert found.multiplicative is log
    np.testing.assert_allclose(drawn, np.exp(np.sort(residuals)) if log else np.sort(residuals), atol=1e-12)


def test_history_can_be_truncated():
    whole = marginal("gas_share", "{history: {window: [2010, 2021]}}")
    middle = (np.arange(120) + 0.5) / 120
    values = np.unique(whole.deviations(middle)[0])
    words = "{history: {window: [2010, 2021]}, truncate: {low: -2 %, high: 3 %}}"
    kept = np.unique(marginal("gas_share", words).deviations(middle)[0])
    expected = values[(values >= 0.98) & (values <= 1.03)]
    assert 0 < kept.size < values.size
    np.testing.assert_array_equal(kept, expected)


SYMMETRIC = [
    "{normal: {sd: 0.6 pp}}",
    "{normal: {low: -1 pp, high: 0.2 pp}}",
    "{lognormal: {low: -10 %, high: 30 %}}",
    "{uniform: {low: -0.7 pp, high: 0.7 pp}}",
    "{triangular: {low: -0.7 pp, mode: 0 pp, high: 0.7 pp}}",
    "{pert: {low: -0.7 pp, mode: 0 pp, high: 0.7 pp}}",
    "{normal: {sd: 0.6 pp}, truncate: {low: -0.9 pp, high: 0.9 pp}}",
    "{uniform: {low: -7 %, high: 7 %}, relative: true, over_time: growing}",
]


@pytest.mark.parametrize("words", SYMMETRIC)
def test_the_median_does_not_deviate_at_all(words):
    found = marginal("gdp_growth", words)
    expected = 1.0 if found.multiplicative else 0.0
    np.testing.assert_array_equal(found.deviations(np.array([0.5, 0.5, 0.5])), expected)


ALL = [*CASES, *SYMMETRIC, "{history: {}}", "{choice: {values: [1 pp, 2 pp]}}"]


@pytest.mark.parametrize("words", ALL)
@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20))
def test_deviations_are_finite_and_rise_with_the_uniform_number(words, numbers):
    _, _, prior = read(f"  gdp_growth: {words}")
    row = prior.levers.index("gdp_growth")
    u = np.tile(np.sort(np.array(numbers)), (len(prior.levers), 1))
    drawn = prior.marginals[row].deviations(prior.correlated(u)[row])
    assert np.isfinite(drawn).all()
    assert (np.diff(drawn, axis=1) >= -1e-15).all()


def test_a_relative_deviation_never_turns_a_level_round():
    drawn = marginal("process_co2", "{normal: {sd: 80 %}, relative: true}").deviations(U)
    assert drawn.min() == 0.0


# scenario and lever table together


def test_a_lever_that_is_fixed_is_left_out():
    _, _, prior = read("  dac: fixed\n  beccs: none")
    assert prior.levers == tuple(name for name in LEVERS if name not in ("dac", "beccs"))
    assert prior.correlation.shape == (13, 13)


def test_growing_reaches_its_size_in_the_stated_or_the_last_year():
    assert marginal("gdp_growth", "{normal: {sd: 1 pp}}").years.tolist() == [2026]
    assert marginal("gdp_growth", "{normal: {sd: 1 pp}, over_time: growing}").years.tolist() == [2060]
    found = marginal("gdp_growth", "{normal: {sd: 1 pp}, over_time: growing, full: 2040}")
    assert found.years.tolist() == [2040]


def test_the_prior_goes_to_other_processes():
    _, _, prior = read(EVERYTHING)
    again = pickle.loads(pickle.dumps(prior))
    u = uniforms(prior, 50)
    np.testing.assert_array_equal(prior.correlated(u), again.correlated(u))
    for one, other in zip(prior.marginals, again.marginals, strict=True):
        np.testing.assert_array_equal(one.deviations(u[0]), other.deviations(u[0]))


# rank correlation


def test_ranks_correlate_as_asked():
    _, _, prior = read(EVERYTHING)
    n = 40_000
    drawn = prior.correlated(uniforms(prior, n))
    asked = {
        ("gdp_growth", "energy_intensity_change"): 0.4,
        ("gdp_growth", "population"): -0.3,
        ("non_fossil_share", "coal_share"): -0.2,
    }
    for one in prior.levers:
        for other in prior.levers:
            if one < other:
                rows = drawn[prior.levers.index(one)], drawn[prior.levers.index(other)]
                expected = asked.get((one, other), asked.get((other, one), 0.0))
                if {one, other} == {"oil_ef", "process_co2"}:
                    continue  # drawn year by year
                assert stats.spearmanr(*rows).statistic == pytest.approx(expected, abs=5 / np.sqrt(n))


def test_correlated_numbers_stay_uniform():
    _, _, prior = read(EVERYTHING)
    for row in prior.correlated(uniforms(prior, 20_000)):
        assert stats.kstest(row, "uniform").pvalue > 1e-4


def test_independent_levers_keep_their_numbers_to_the_bit():
    _, _, prior = read(EVERYTHING)
    u = uniforms(prior, 100)
    free = [k for k, name in enumerate(prior.levers) if not prior.mixes(k)]
    assert len(free) > 8
    np.testing.assert_array_equal(prior.correlated(u)[free], u[free])


def test_the_correlation_of_scores_gives_that_of_ranks():
    """Pearson's relation, against the ranks of a large bivariate normal sample."""
    r = float(score_correlation(np.array(0.6)))
    sample = np.random.default_rng(5).multivariate_normal([0, 0], [[1, r], [r, 1]], 200_000)
    assert stats.spearmanr(*sample.T).statistic == pytest.approx(0.6, abs=0.005)


@settings(max_examples=30)
@given(st.lists(st.integers(-90, 90).map(lambda percent: percent / 100), min_size=6, max_size=6))
def test_a_correlation_is_taken_whole_or_refused(ranks):
    """Accepted if and only if the matrix has no eigenvalue at or below zero; never changed."""
    names = ["population", "gdp_growth", "land_sink", "non_co2"]
    entries = {name: {} for name in names}
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    asked = np.eye(4)
    for (a, b), rank in zip(pairs, ranks, strict=True):
        entries[a][b] = rank
        i, j = names.index(a), names.index(b)
        asked[i, j] = asked[j, i] = 2.0 * np.sin(np.pi / 6.0 * rank)
    smallest = np.linalg.eigvalsh(asked)[0]
    text = "".join(
        f"  {name}: {{correlate: {{{', '.join(f'{o}: {r!r}' for o, r in entry.items())}}}}}\n"
        for name, entry in entries.items()
        if entry
    )
    if smallest > 1e-6:
        _, _, prior = read(text)
        place = [prior.levers.index(name) for name in names]
        np.testing.assert_allclose(prior.correlation[np.ix_(place, place)], asked, atol=1e-15)
    elif smallest < -1e-6:
        with pytest.raises(InputError, match="not positive definite"):
            read(text)


def test_the_advice_to_weaken_correlations_works():
    ranks = {"population": 0.9, "land_sink": 0.9}

    def entry(factor):
        first = ", ".join(f"{name}: {rank * factor:.6f}" for name, rank in ranks.items())
        second = f"land_sink: {-0.5 * factor:.6f}"
        return f"  gdp_growth: {{correlate: {{{first}}}}}\n  population: {{correlate: {{{second}}}}}"

    with pytest.raises(InputError) as caught:
        read(entry(1.0))
    factor = float(str(caught.value).split("all times ")[1].split()[0])
    assert 0.3 < factor < 1.0
    read(entry(factor))
    with pytest.raises(InputError):
        read(entry(factor + 0.02))


def test_own_uncertainty_wins_over_the_extended_one(tmp_path):
    (tmp_path / "parent.yaml").write_text(
        "name: parent\nuncertainty:\n"
        "  gdp_growth: {normal: {sd: 1 pp}, correlate: {population: 0.5, land_sink: 0.3, beccs: 0.1}}\n"
        "  dac: fixed\n"
    )
    (tmp_path / "child.yaml").write_text(
        "name: child\nextends: parent\nuncertainty:\n"
        "  population: {normal: {sd: 2 %}, relative: true, correlate: {gdp_growth: -0.2}}\n"
        "  land_sink: fixed\n"
    )
    from dualcarbon.build import build
    from dualcarbon.explore.ensembles.prior import read_prior
    from dualcarbon.scenario import read_scenario

    scenario = read_scenario(tmp_path / "child.yaml")
    prior = read_prior(scenario, build(scenario, LIBRARY), LIBRARY)
    assert "dac" not in prior.levers
    assert "land_sink" not in prior.levers
    one, other, third = (prior.levers.index(n) for n in ("gdp_growth", "population", "beccs"))
    assert prior.marginals[one].deviations(np.array([0.95]))[0, 0] == pytest.approx(0.0164485, rel=1e-5)
    assert prior.correlation[one, other] == pytest.approx(2 * np.sin(np.pi / 6 * -0.2))
    assert prior.correlation[one, third] == pytest.approx(2 * np.sin(np.pi / 6 * 0.1))


def test_a_scenario_that_says_nothing_has_no_block():
    assert read_scenario_text("name: plain\n", "plain.yaml").uncertainty == {}
