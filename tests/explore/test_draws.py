"""Lever paths and inputs of draws: the scenario in the middle, the same bits in any block, inside bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dualcarbon.build import build, vary
from dualcarbon.explore.ensembles.draws import Memory, draw_inputs, lever_paths
from dualcarbon.explore.ensembles.prior import read_prior
from dualcarbon.project import pathway
from dualcarbon.scenario import bundled_scenarios, read_scenario
from dualcarbon.tables.levers import SHARES, read_levers
from strategies import assert_same_bits
from uncertain import EVERYTHING, LIBRARY, normals, read, uniforms

LEVERS = read_levers(LIBRARY)
BUNDLED = list(bundled_scenarios())


def bundled(name, **more):
    scenario = replace(read_scenario(bundled_scenarios()[name]), **more)
    built = build(scenario, LIBRARY)
    return built, read_prior(scenario, built, LIBRARY)


def no_shock(members, years):
    return lambda name: np.zeros((members, years))


# the scenario in the middle


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("base_year", [2020, 2025])
def test_no_deviation_gives_the_run_of_the_scenario_bit_for_bit(name, base_year):
    built, prior = bundled(name, base_year=base_year)
    full = pathway(built.inputs)
    first = int(base_year - full.years[0])
    paths = lever_paths(built, prior, np.full((len(prior.levers), 2), 0.5), no_shock(2, 35))
    assert set(paths) == set(prior.levers)
    batch = pathway(draw_inputs(built, paths))
    assert batch.years.tolist() == full.years[first:].tolist()
    for key, array in full.items():
        for member in range(2):
            assert_same_bits(batch[key][member], array[first:])


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("base_year", range(2020, 2026))
def test_inputs_from_the_base_year_on_have_the_bits_of_the_full_run(name, base_year):
    built, _ = bundled(name, base_year=base_year)
    full, part = pathway(built.inputs), pathway(draw_inputs(built, {}))
    for key, array in full.items():
        assert_same_bits(part[key], array[int(base_year - full.years[0]) :])


def test_draws_are_what_the_full_run_makes_of_the_same_paths():
    """The inputs from the base year on against the whole axis, changed lever by lever."""
    _, built, prior = read(EVERYTHING)
    paths = lever_paths(built, prior, uniforms(prior, 40), normals(40))
    full = vary(built, {name: path for name, path in paths.items() if name not in SHARES})
    shares = {n: np.broadcast_to(built.levers[n], (40, built.inputs.years.size)).copy() for n in SHARES}
    for name in SHARES:
        shares[name][:, built.inputs.years > 2025] = paths[name]
    expected, found = pathway(replace(full, **shares)), pathway(draw_inputs(built, paths))
    for key in found:
        assert_same_bits(found[key], expected[key][:, 25:])


# the same bits in any block


@settings(max_examples=25)
@given(st.integers(1, 60), st.integers(0, 59), st.booleans())
def test_a_draw_is_the_same_alone_and_in_any_block(block, member, transposed):
    _, built, prior = PRIOR
    u, count = uniforms(prior, 60), 60
    u = np.asfortranarray(u) if transposed else u
    shocks = {name: normals(count)(name) for name in prior.levers}
    start = min(member, count - block)
    part = slice(start, start + block)
    alone = slice(member, member + 1)
    whole = lever_paths(built, prior, u[:, part], lambda name: shocks[name][part])
    single = lever_paths(built, prior, u[:, alone], lambda name: shocks[name][alone])
    if not start <= member < start + block:
        return
    for name, path in single.items():
        assert_same_bits(whole[name][member - start], path[0])


PRIOR = read(EVERYTHING)


def test_large_blocks_cut_years_into_tiles_without_a_trace():
    _, built, prior = PRIOR
    n = 5_003
    u, shock = uniforms(prior, n), normals(n)
    whole = lever_paths(built, prior, u, shock)
    for part in (slice(0, 777), slice(777, 4_096), slice(4_096, n)):
        some = lever_paths(built, prior, u[:, part], lambda name, part=part: shock(name)[part])
        for name, path in some.items():
            assert_same_bits(np.ascontiguousarray(whole[name][part]), np.ascontiguousarray(path))


def test_memory_that_is_used_again_changes_nothing():
    _, built, prior = PRIOR
    memory = Memory()
    for seed, n in ((0, 30), (1, 30), (2, 7)):
        u, shock = uniforms(prior, n, seed), normals(n)
        fresh = pathway(draw_inputs(built, lever_paths(built, prior, u, shock)))
        paths = lever_paths(built, prior, u, shock, memory=memory)
        inputs = draw_inputs(built, paths, memory)
        assert np.shares_memory(inputs.gdp_growth, paths["gdp_growth"])
        kept = pathway(inputs)
        for key in fresh:
            assert_same_bits(fresh[key], kept[key])


def test_paths_that_were_changed_on_the_way_are_taken_as_they_are():
    _, built, prior = PRIOR
    memory = Memory()
    paths = lever_paths(built, prior, uniforms(prior, 5), normals(5), memory=memory)
    changed = {**paths, "population": paths["population"] * 1.01}
    assert_same_bits(draw_inputs(built, changed, memory).population[:, 1:], changed["population"])


def test_paths_are_in_fortran_order():
    _, built, prior = PRIOR
    for path in lever_paths(built, prior, uniforms(prior, 9), normals(9)).values():
        assert path.shape == (9, 35)
        assert path.strides[0] == 8


# over the years


def deviation(lever, uncertainty, u, levers="", shocks=None):
    """Deviation (member, year) of a lever from its central path."""
    _, built, prior = read(f"  {lever}: {uncertainty}" if uncertainty else "", levers)
    row = prior.levers.index(lever)
    numbers = np.full((len(prior.levers), len(u)), 0.5)
    numbers[row] = u
    path = lever_paths(built, prior, numbers, shocks or no_shock(len(u), 35))[lever]
    central = built.levers[lever][built.inputs.years > 2025]
    return path / central if prior.marginals[row].multiplicative else path - central


def test_table_ranges_run_straight_from_the_base_year_and_between_their_years():
    found = deviation("non_fossil_share", "", [0.05, 0.95])
    years = np.arange(2026, 2061)
    expected = np.interp(years, [2025, 2030, 2040, 2060], [0, 0.0229, 0.0396, 0.0605])
    np.testing.assert_allclose(found[1], expected, atol=1e-14)
    np.testing.assert_allclose(found[0], -expected, atol=1e-14)
    found = deviation("non_co2", "", [0.05])
    expected = np.interp(years, [2025, 2030, 2040, 2060], [1, 0.903, 0.876, 0.844])
    np.testing.assert_allclose(found[0], expected, rtol=1e-13)


def test_constant_and_growing():
    found = deviation("gdp_growth", "{uniform: {low: 0 pp, high: 1 pp}}", [0.25])
    np.testing.assert_allclose(found[0], 0.0025, atol=1e-15)
    words = "{uniform: {low: 0 pp, high: 1 pp}, over_time: growing, full: 2040}"
    found = deviation("gdp_growth", words, [0.5])
    expected = np.interp(np.arange(2026, 2061), [2025, 2040], [0.0, 0.005])
    np.testing.assert_allclose(found[0], expected, atol=1e-15)


def test_an_autoregression_has_its_coefficient_and_its_stated_size():
    n = 4_000
    words = "{normal: {sd: 1 pp}, over_time: {ar1: 0.7}}"
    found = deviation("gdp_growth", words, np.full(n, 0.9), shocks=normals(n))
    late = found[:, 15:]
    assert late.std() == pytest.approx(0.01, rel=0.02)
    assert np.corrcoef(late[:, :-1].ravel(), late[:, 1:].ravel())[0, 1] == pytest.approx(0.7, abs=0.02)
    assert found[:, 0].std() == pytest.approx(0.01 * np.sqrt(1 - 0.7**2), rel=0.05)
    assert stats.kstest(found[:, -1], stats.norm(scale=0.01).cdf).pvalue > 1e-3


def test_an_autoregression_keeps_the_shape_of_its_distribution():
    n = 4_000
    words = "{triangular: {low: -2 pp, mode: -1 pp, high: 4 pp}, over_time: {ar1: 0.5}}"
    found = deviation("gdp_growth", words, np.full(n, 0.5), shocks=normals(n))
    expected = stats.triang(1 / 6, -0.02, 0.06)
    assert stats.kstest(found[:, -1], expected.cdf).pvalue > 1e-3


def test_shocks_of_autoregressions_correlate_as_asked():
    _, built, prior = PRIOR
    n = 4_000
    paths = lever_paths(built, prior, uniforms(prior, n), normals(n))
    first = stats.spearmanr(paths["oil_ef"][:, 0], paths["process_co2"][:, 0]).statistic
    assert first == pytest.approx(0.5, abs=0.06)
    apart = stats.spearmanr(paths["oil_ef"][:, 0], paths["process_co2"][:, 20]).statistic
    assert abs(apart) < 0.06


def test_a_ratio_on_a_path_of_zero_moves_nothing():
    _, built, prior = read()
    path = lever_paths(built, prior, uniforms(prior, 50), normals(50))["dac"]
    still = built.levers["dac"][built.inputs.years > 2025] == 0.0
    assert still.any()
    np.testing.assert_array_equal(path[:, still], 0.0)
    assert path[:, ~still].std() > 0.0


# shares and bounds


def test_shares_close_honour_non_fossil_and_keep_drawn_proportions():
    _, built, prior = read()
    n = 500
    u = uniforms(prior, n)
    paths = lever_paths(built, prior, u, normals(n))
    total = paths["coal_share"] + paths["oil_share"] + paths["gas_share"] + paths["non_fossil_share"]
    np.testing.assert_allclose(total, 1.0, atol=4e-16)
    future = built.inputs.years > 2025
    by_name = dict(zip(prior.levers, prior.marginals, strict=True))
    drawn = {name: by_name[name].deviations(u[prior.levers.index(name)])[2] for name in SHARES}
    last = {name: built.levers[name][future][-1] for name in SHARES}
    np.testing.assert_allclose(
        paths["non_fossil_share"][:, -1], last["non_fossil_share"] + drawn["non_fossil_share"], rtol=1e-12
    )
    np.testing.assert_allclose(
        paths["coal_share"][:, -1] / paths["gas_share"][:, -1],
        last["coal_share"] * drawn["coal_share"] / (last["gas_share"] * drawn["gas_share"]),
        rtol=1e-12,
    )


def test_one_uncertain_share_moves_the_others():
    alone = "\n".join(f"  {name}: fixed" for name in LEVERS if name != "non_fossil_share")
    _, built, prior = read(alone)
    assert prior.levers == ("non_fossil_share",)
    paths = lever_paths(built, prior, np.array([[0.2, 0.9]]), normals(2))
    assert set(paths) == set(SHARES)
    future = built.inputs.years > 2025
    ratio = built.levers["coal_share"][future] / built.levers["oil_share"][future]
    np.testing.assert_allclose(paths["coal_share"] / paths["oil_share"], np.tile(ratio, (2, 1)), rtol=1e-12)


def test_shares_close_where_nothing_fossil_is_left():
    levers = "  non_fossil_share: {2050: 100 %}"
    _, built, prior = read("  non_fossil_share: {normal: {sd: 10 pp}}", levers)
    paths = lever_paths(built, prior, uniforms(prior, 300), normals(300))
    total = paths["coal_share"] + paths["oil_share"] + paths["gas_share"] + paths["non_fossil_share"]
    np.testing.assert_allclose(total, 1.0, atol=1e-14)
    for name in SHARES:
        assert paths[name].min() >= 0.0
        assert paths[name].max() <= 1.0
    even = lever_paths(built, prior, np.full((len(prior.levers), 1), 0.5), normals(1))
    for name in SHARES:
        assert_same_bits(even[name][0], built.levers[name][built.inputs.years > 2025])


def test_fossil_shares_that_are_all_drawn_to_nothing_fall_back_to_the_scenario():
    gone = "{choice: {values: [-100 %]}, relative: true}"
    block = "\n".join(f"  {name}: {gone}" for name in ("coal_share", "oil_share", "gas_share"))
    _, built, prior = read(block + "\n  non_fossil_share: fixed")
    paths = lever_paths(built, prior, uniforms(prior, 3), normals(3))
    for name in SHARES:
        expected = built.levers[name][built.inputs.years > 2025]
        np.testing.assert_allclose(paths[name], np.tile(expected, (3, 1)), rtol=1e-14)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_paths_stay_inside_bounds_and_cuts_are_counted(seed):
    wide = "\n".join(
        [
            "  capture_rate: {normal: {sd: 40 pp}}",
            "  gdp_growth: {normal: {sd: 10 pp}, over_time: {ar1: 0.9}}",
            "  land_sink: {uniform: {low: -3500 Mt, high: 3500 Mt}}",
            "  coal_share: {normal: {sd: 60 %}, relative: true}",
        ]
    )
    _, built, prior = read(wide)
    clipped: dict[str, int] = {}
    n = 100
    paths = lever_paths(built, prior, uniforms(prior, n, seed), normals(n), clipped)
    for name, path in paths.items():
        assert path.min() >= LEVERS[name].lower
        assert path.max() <= LEVERS[name].upper
    for name in ("capture_rate", "gdp_growth", "land_sink"):
        lever = LEVERS[name]
        at_a_bound = ((paths[name] == lever.lower) | (paths[name] == lever.upper)).any(axis=1)
        assert clipped[name] == at_a_bound.sum() > 0
    assert clipped["population"] == 0
    before = dict(clipped)
    lever_paths(built, prior, uniforms(prior, n, seed), normals(n), clipped)
    assert clipped["gdp_growth"] == 2 * before["gdp_growth"]
