"""Sobol sampling and index estimation beside SALib and scipy, and how far estimators err (decision 0009)."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from bench.measure import at_least, best_by_turns, table
from dualcarbon.axes import Floats
from dualcarbon.explore.sensitivity.indices import ESTIMATORS, Indices, sobol_indices
from dualcarbon.explore.sensitivity.sampling import exchanged, two_samples
from sobol_functions import evaluated, ishigami, ishigami_answer, sobol_g, sobol_g_answer

salib_sample = pytest.importorskip("SALib.sample.sobol")
salib_analyze = pytest.importorskip("SALib.analyze.sobol")

FACTORS, OUTPUTS = 13, 8
GOAL = 20.0
PROBLEM = {
    "num_vars": FACTORS,
    "names": [f"x{k}" for k in range(FACTORS)],
    "bounds": [[0.0, 1.0]] * FACTORS,
}


def sampled(points: int) -> tuple[Floats, Floats, list[Floats]]:
    a, b = two_samples(FACTORS, points, np.random.default_rng(7))
    return a, b, [exchanged(a, b, [k]) for k in range(FACTORS)]


def outputs(u: Floats) -> Floats:
    """Eight outputs of some curvature (output, point)."""
    slopes = np.linspace(0.2, 2.0, FACTORS)[:, None]
    return np.stack([np.exp((slopes * u).sum(axis=0) / 5.0) + k * u[0] * u[1] for k in range(OUTPUTS)])


def interleaved(a: Floats, b: Floats, ab: Floats) -> Floats:
    """One output's values in SALib's order of rows."""
    return np.concatenate([a[None], ab, b[None]]).T.ravel()


@pytest.mark.parametrize(("points", "resamples"), [(1024, 100), (4096, 100), (1024, 1000)])
def test_sampling_and_indices(points: int, resamples: int) -> None:
    """Samples of thirteen factors, then first-order and total indices of eight outputs with intervals."""
    a, b, ab = sampled(points)
    values = outputs(a), outputs(b), np.stack([outputs(one) for one in ab])

    def ours() -> Indices:
        return sobol_indices(*values, np.random.default_rng(1), resamples=resamples)

    def salib() -> list[Floats]:
        rows = [interleaved(values[0][k], values[1][k], values[2][:, k]) for k in range(OUTPUTS)]
        options = {"calc_second_order": False, "num_resamples": resamples, "seed": 1}
        return [np.array(salib_analyze.analyze(PROBLEM, y, **options)["S1"]) for y in rows]

    def scipy() -> Floats:
        given = {"f_A": values[0], "f_B": values[1], "f_AB": values[2]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = stats.sobol_indices(func=given, n=points)
            found.bootstrap(n_resamples=resamples)
        return np.asarray(found.first_order)

    def salib_points() -> Floats:
        return np.asarray(salib_sample.sample(PROBLEM, points, calc_second_order=False, seed=7))

    rounds = 2 if resamples <= 100 else 1
    sampling = {"ours": lambda: sampled(points), "SALib": salib_points}
    seconds = SimpleNamespace(
        sampling=best_by_turns(sampling, rounds),
        indices=best_by_turns({"ours": ours, "SALib": salib}, rounds),
    )
    if (points, resamples) == (1024, 100):
        seconds.indices |= best_by_turns({"scipy": scipy}, rounds)
    rows: list[tuple[str, ...]] = [("", "ms", "ratio", "")]
    for what in ("sampling", "indices"):
        best = getattr(seconds, what)
        for name, value in best.items():
            ratio = value / best["ours"]
            goal = at_least(ratio, GOAL) if name == "SALib" else ""
            rows.append((f"{what}, {name}", f"{value * 1e3:.1f}", f"{ratio:.1f}", goal))
    both = {name: seconds.sampling[name] + seconds.indices[name] for name in ("ours", "SALib")}
    ratio = both["SALib"] / both["ours"]
    rows.append(("both, SALib", f"{both['SALib'] * 1e3:.1f}", f"{ratio:.1f}", at_least(ratio, GOAL)))
    table(f"{FACTORS} factors, {points} points, {OUTPUTS} outputs, {resamples} resamples", rows)

    ours_first = ours().first
    np.testing.assert_allclose(ours_first, salib(), rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("name", "function", "factors", "answer"),
    [("Ishigami", ishigami, 3, ishigami_answer()), ("Sobol G", sobol_g, 8, sobol_g_answer())],
)
def test_estimators(name: str, function: object, factors: int, answer: tuple[Floats, Floats]) -> None:
    """Root mean square error over 60 scrambles and all factors; how often intervals hold the answer."""
    rows: list[tuple[str, ...]] = [("points", "first, Saltelli", "first, Jansen", "total, Jansen")]
    held: dict[str, list[Floats]] = {"first, Saltelli": [], "first, Jansen": [], "total": []}
    for points in (256, 1024, 4096):
        errors: dict[str, list[Floats]] = {"saltelli": [], "jansen": [], "total": []}
        resamples = 400 if points == 1024 else 0
        for seed in range(60):
            values = evaluated(function, factors, points, seed)
            for first in ESTIMATORS:
                rng = np.random.default_rng(seed)
                found = sobol_indices(*values, rng, first=first, resamples=resamples)
                errors[first].append(found.first[0] - answer[0])
                if resamples:
                    inside = _inside(found.first_interval[0], answer[0])
                    held[f"first, {first.capitalize()}"].append(inside)
            errors["total"].append(found.total[0] - answer[1])
            if resamples:
                held["total"].append(_inside(found.total_interval[0], answer[1]))
        rms = [float(np.sqrt(np.mean(np.square(errors[one])))) for one in ("saltelli", "jansen", "total")]
        rows.append((f"{points}", *(f"{value:.4f}" for value in rms)))
        assert max(rms) < 0.1
    table(f"{name}: root mean square error of indices", rows)
    covered = [("", *(f"factor {k}" for k in range(factors)))]
    covered += [(what, *(f"{part:.2f}" for part in np.mean(hits, axis=0))) for what, hits in held.items()]
    table(f"{name}: part of the 95 % intervals that hold the answer, 1024 points", covered)


def _inside(ends: Floats, answer: Floats) -> Floats:
    return ((ends[:, 0] <= answer) & (answer <= ends[:, 1])).astype(np.float64)
