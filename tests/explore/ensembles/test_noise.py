"""Noise has the size and memory of history in every year, is an AR(1) process, and leaves the mix a mix."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from dualcarbon import api, project
from dualcarbon.analysis.indicators import peak
from dualcarbon.axes import Floats, at, year_range
from dualcarbon.explore.ensembles.draws import draw_inputs
from dualcarbon.explore.ensembles.history import read_past
from dualcarbon.explore.ensembles.noise import (
    BASE_YEAR,
    MEMORY,
    MIX,
    PLAN,
    SERIES,
    Noise,
    ar1,
    around_plans,
    measurement_error,
    noise_of,
    noisy_inputs,
)
from dualcarbon.explore.hindcasting import statistics_until
from dualcarbon.tables.levers import SHARES

RUN = api.run("current-policies")
YEARS = 35
FUTURE = {name: path[26:] for name, path in RUN.levers.items()}


@pytest.fixture(scope="module")
def noise() -> Noise:
    return read_past(RUN.library, RUN.built).noise


def streams(count: int, years: int = YEARS, seed: int = 1) -> Callable[[str], Floats]:
    def normals(name: str) -> Floats:
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        return rng.standard_normal((count, years))

    return normals


def central(count: int) -> dict[str, Floats]:
    names = ("gdp_growth", "energy_intensity_change", "process_co2", *SHARES)
    return {name: np.repeat(FUTURE[name][None], count, axis=0) for name in names}


# sizes from history


def test_size_and_memory_of_a_simulated_series_are_recovered() -> None:
    years = year_range(2000, 2004)  # no plan ends inside: one straight line
    phi, size = 0.5, 0.02
    shocks = np.random.default_rng(4).normal(0.0, size * np.sqrt(1 - phi**2), 60_000)
    series = lfilter([1.0], [1.0, -phi], shocks)
    long_years = np.arange(series.size)
    line = np.polynomial.Polynomial.fit(long_years, series, 1)
    residual = series - line(long_years)
    found_size, found_phi = ar1(residual, np.resize(years, residual.size))
    assert found_size == pytest.approx(size, rel=0.02)
    assert found_phi == pytest.approx(phi, rel=0.03)


def test_white_noise_around_plans_has_its_size() -> None:
    """The lines take up degrees of freedom; the size makes up for them."""
    years = year_range(2005, 2025)
    rng = np.random.default_rng(8)
    squares = [ar1(around_plans(rng.normal(0.0, 0.03, 21), years), years)[0] ** 2 for _ in range(2000)]
    assert np.sqrt(np.mean(squares)) == pytest.approx(0.03, rel=0.02)


def test_a_line_that_bends_at_plan_ends_leaves_no_noise() -> None:
    years = year_range(2003, 2025)
    level = 0.03 * (years - 2003.0) + 0.05 * np.maximum(years - 2010, 0) - 0.07 * np.maximum(years - 2020, 0)
    np.testing.assert_allclose(around_plans(level, years), 0.0, atol=1e-12)
    assert np.abs(around_plans(level + 0.1 * np.maximum(years - 2017, 0), years)).max() > 0.01


def test_sizes_found_in_history_are_those_of_the_note(noise: Noise) -> None:
    np.testing.assert_allclose(noise.sizes * 100, [1.20, 1.43, 0.40, 0.15, 0.49, 3.15], atol=0.006)
    np.testing.assert_allclose(noise.autoregression, [0.0, 0.44, 0.19, 0.0, 0.07, 0.30], atol=0.006)
    assert np.all(np.linalg.eigvalsh(noise.correlation) > 0.0)


def test_noise_can_be_estimated_from_other_years(noise: Noise) -> None:
    known = statistics_until(RUN.library, 2025)
    longer = noise_of(known, FUTURE, 0.0, first=2000)
    same = noise_of(known, FUTURE, 0.0, first=2005)
    assert longer.sizes[1] > 1.2 * noise.sizes[1]
    np.testing.assert_array_equal(same.sizes, noise.sizes)


def test_the_error_of_the_base_year_is_that_of_first_published_growth() -> None:
    """Eight years to 2020, growth as first published and as it is now (%), worked out by hand."""
    first = [5.9, 7.0, 3.9, 2.2, 0.9, 3.3, 3.3, 2.2]
    now = [3606.48 / 3361.26, 3870.43 / 3606.48, 4021.38 / 3870.43, 4283.34 / 4169.13]
    now += [4341.13 / 4283.34, 4719.25 / 4558.27, 4874.88 / 4719.25, 4983.14 / 4874.88]
    errors = np.log(now) - np.log1p(np.array(first) / 100.0)
    assert measurement_error(RUN.library, 2025) == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-12)
    assert 0.004 < measurement_error(RUN.library, 2025) < 0.007


# the process


def test_noise_is_an_ar1_process_of_the_stated_size(noise: Noise) -> None:
    """Every level moves by its deviation less the base year's, which is as large as any."""
    count = 40_000
    phi = np.array([0.3, 0.5, 0.2, 0.0, 0.6, 0.4])
    noise = replace(noise, autoregression=phi)
    noisy = noise.apply(central(count), streams(count))

    def compounded(name: str) -> Floats:
        return np.cumsum(np.log1p(noisy[name]) - np.log1p(FUTURE[name]), axis=1)

    levels = [compounded("gdp_growth"), compounded("energy_intensity_change")]
    levels += [noisy[name] - FUTURE[name] for name in MIX]
    levels.append(np.log(noisy["process_co2"] / FUTURE["process_co2"]))
    for level, size, memory in zip(levels, noise.sizes, phi, strict=True):
        for after in (1, 2, 5, 30):
            expected = size * np.sqrt(2.0 * (1.0 - memory**after))
            assert level[:, after - 1].std() == pytest.approx(expected, rel=0.02)
        # both years share the base year's deviation
        assert np.corrcoef(level[:, 20], level[:, 21])[0, 1] == pytest.approx(0.5 + 0.5 * memory, abs=0.02)


def test_yearly_changes_are_as_large_as_those_of_history_in_every_year(noise: Noise) -> None:
    """Not in the first year only, nor in points of a share that is still small.

    What history shows is itself uncertain: sums of squares over four plans have the degrees of freedom that
    the plans' lines leave, and a chi-squared distribution. The simulated size must lie in its 90 % range.
    """
    names = {
        "non_fossil_share": np.asarray,
        "coal_share": np.asarray,
        "energy_co2": np.log,
        "eip_co2": np.log,
    }
    count = 8192
    plain = project.pathway(draw_inputs(RUN.built, central(1)), outputs=tuple(names))
    rough = project.pathway(noisy_inputs(RUN.built, central(count), noise, streams(count)), tuple(names))
    window = year_range(2025 - MEMORY, 2025)
    free = window.size - 2 - MEMORY // PLAN + 1
    for name, scale in names.items():
        past = np.diff(around_plans(scale(RUN[name][at(RUN.years, int(window[0])) : 26]), window))
        observed = past.std() * np.sqrt(window.size / free)
        low, high = np.sqrt(free / stats.chi2.ppf([0.95, 0.05], free)) * observed
        changes = np.diff(scale(rough[name]) - scale(plain[name]), axis=1)
        for year in (2026, 2027, 2030, 2045):
            assert low < changes[:, year - 2026].std() < high, (name, year)


@pytest.mark.parametrize("coal", [0.0, 1e-4, 0.3])
@pytest.mark.parametrize("non_fossil", [0.0, 0.01, 0.5, 0.995, 1.0])
def test_shares_near_their_bounds_stay_inside(noise: Noise, coal: float, non_fossil: float) -> None:
    """No share loses more than half, and one that is zero stays zero."""
    count = 500
    fossil = 1.0 - non_fossil
    parts = (coal, 0.6 * (1.0 - coal), 0.4 * (1.0 - coal))
    mix = {name: part * fossil for name, part in zip(SHARES[:3], parts, strict=True)}
    mix["non_fossil_share"] = non_fossil
    paths = {**central(count), **{name: np.full((count, YEARS), share) for name, share in mix.items()}}
    large = replace(noise, sizes=noise.sizes * 20.0)
    noisy = large.apply(paths, streams(count))
    np.testing.assert_allclose(sum(noisy[name] for name in SHARES), 1.0, rtol=1e-14)
    for name, share in mix.items():
        assert np.all((noisy[name] > 0.0) if share > 0.0 else (noisy[name] == 0.0)), name
    half, rounding = 0.5 * min(non_fossil, fossil), 1e-15
    assert np.all(np.abs(noisy["non_fossil_share"] - non_fossil) <= half + rounding)


def test_shocks_are_correlated_as_in_history(noise: Noise) -> None:
    count = 40_000
    noise = replace(noise, autoregression=np.zeros(6))
    noisy = noise.apply(central(count), streams(count))
    points = [noisy[name] - FUTURE[name] for name in MIX]
    levels = [*points, np.log(noisy["process_co2"] / FUTURE["process_co2"])]
    found = np.corrcoef([level[:, 3] for level in levels])
    np.testing.assert_allclose(found, noise.correlation[2:, 2:], atol=0.02)
    changes = np.diff(levels[0], axis=1)
    assert abs(np.corrcoef(changes[:, 3], changes[:, 5])[0, 1]) < 0.02


def test_shares_stay_a_mix_and_other_levers_stay_as_they_are(noise: Noise) -> None:
    paths = {**central(500), "dac": np.ones((500, YEARS))}
    noisy = noise.apply(paths, streams(500))
    np.testing.assert_allclose(sum(noisy[name] for name in SHARES), 1.0, rtol=1e-14)
    assert all(np.all(noisy[name] > 0.0) for name in SHARES)
    assert noisy["dac"] is paths["dac"]


def test_a_lever_that_is_not_drawn_has_noise_around_its_central_path(noise: Noise) -> None:
    whole = noise.apply(central(5), streams(5))
    alone = noise.apply({}, streams(5))
    for name, path in whole.items():
        np.testing.assert_array_equal(alone[name], path)


def test_noise_can_be_left_out_of_a_series(noise: Noise) -> None:
    noisy = noise.without("gdp", "process_co2").apply(central(5), streams(5))
    np.testing.assert_array_equal(noisy["process_co2"], central(5)["process_co2"])
    np.testing.assert_allclose(noisy["gdp_growth"], central(5)["gdp_growth"], rtol=1e-12)
    assert np.all(noisy["energy_intensity_change"] != central(5)["energy_intensity_change"])
    silent = noise.without(*SERIES).apply(central(5), streams(5))
    for name, path in central(5).items():
        np.testing.assert_allclose(silent[name], path, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_noise_has_the_same_bits_in_any_block(noise: Noise, size: int) -> None:
    normals = streams(150)
    paths = {name: np.asfortranarray(path) for name, path in central(150).items()}
    whole = noisy_inputs(RUN.built, paths, noise, normals).arrays()
    for first in range(0, 150, size):
        part = slice(first, first + size)
        cut = {name: path[part] for name, path in paths.items()}
        block = noisy_inputs(RUN.built, cut, noise, lambda name, part=part: normals(name)[part])  # type: ignore[misc]
        for name, array in block.arrays().items():
            expected = whole[name]
            same = expected[part] if expected.shape[:1] == (150,) else expected
            np.testing.assert_array_equal(array, same, err_msg=name)


# the base year


def test_the_base_years_error_moves_its_energy_and_all_that_follows(noise: Noise) -> None:
    silent = noise.without(*SERIES)
    normals = streams(2000)
    inputs = noisy_inputs(RUN.built, central(2000), silent, normals)
    results = project.pathway(inputs, outputs=("energy_total", "energy_co2"))
    factor = silent.base_factor(normals)
    assert np.log(factor).std() == pytest.approx(noise.measurement, rel=0.05)
    for name in ("energy_total", "energy_co2"):
        expected = factor[:, None] * RUN[name][25:]
        np.testing.assert_allclose(results[name], expected, rtol=1e-10)


def test_the_base_year_is_not_a_certain_peak_with_noise(noise: Noise) -> None:
    """A path that only falls peaks in its first year; with noise and error, often in another."""
    count = 2000
    plain = project.pathway(draw_inputs(RUN.built, central(count)), outputs=("eip_co2",))
    rough = project.pathway(noisy_inputs(RUN.built, central(count), noise, streams(count)), ("eip_co2",))
    certain = peak(plain["eip_co2"], plain.years, 2025).year
    assert np.all(certain == 2025)
    past = np.repeat(RUN["eip_co2"][None, :25], count, axis=0)
    whole = np.concatenate([past, rough["eip_co2"]], axis=1)
    found = peak(whole, RUN.years, 2025).year
    assert 0.02 < np.mean(found < 2025) < 0.3
    assert 0.02 < np.mean(found == 2025) < 0.5
    assert np.mean(found > 2030) > 0.01


def test_streams_are_named(noise: Noise) -> None:
    asked: list[str] = []

    def normals(name: str) -> Floats:
        asked.append(name)
        return streams(3)(name)

    noisy_inputs(RUN.built, central(3), noise, normals)
    assert set(asked) == set(noise.names)
    assert BASE_YEAR in noise.names
