"""Solvers that were candidates for the fit, on the same problems (decision 0006)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

import dualcarbon as dc
from bench import fit_variants as fits
from bench.measure import best_by_turns, table
from dualcarbon.axes import Floats
from dualcarbon.explore.fitting.problem import Problem

SOLVERS: dict[str, fits.Solver] = {
    "SLSQP": fits.slsqp,
    "trust-constr": fits.trust_constr,
    "least squares, misses": fits.misses,
    "least squares, penalty 10": fits.penalties(10.0),
    "least squares, penalty 1000": fits.penalties(1000.0),
}
WITHOUT_SINK = "energy_intensity_change non_fossil_share oil_ef process_co2 capture_rate beccs dac non_co2"


def official(name: str) -> object:
    return dc.fit(name, targets=["all-official"], starts=1, data=fits.the_library())


def small_sink() -> object:
    """Neutrality with a land sink as models have it, which cannot move."""
    return dc.fit(
        "current-policies",
        targets=["neutral-2060"],
        free=WITHOUT_SINK.split(),
        change=["land_sink=800 Mt"],
        starts=1,
        data=fits.the_library(),
    )


def peak_and_neutral(peak: int, neutral: int) -> object:
    grid = {"peak_year": [peak], "neutral_year": [neutral]}
    return dc.sweep("current-policies", grid, data=fits.the_library())


@pytest.mark.parametrize(
    ("title", "feasible", "call"),
    [
        ("current-policies, all official targets", True, partial(official, "current-policies")),
        ("plan-pace, all official targets", True, partial(official, "plan-pace")),
        ("delayed-transition, all official targets", True, partial(official, "delayed-transition")),
        ("peak in 2030, neutral by 2058", True, partial(peak_and_neutral, 2030, 2058)),
        ("peak in 2030, neutral by 2055", False, partial(peak_and_neutral, 2030, 2055)),
        ("neutral-2060, land sink 800 Mt", False, small_sink),
    ],
)
def test_solvers(title: str, feasible: bool, call: Callable[[], object]) -> None:
    """Each from the scenario itself; misses in steps that matter (1 point, 100 Mt)."""
    problem = fits.first_problem(call, Problem)
    head = "", "ms", "iterations", "pathways", "objective", "largest miss", "squares", "out of bounds"
    rows: list[tuple[str, ...]] = [head]
    objective, largest, squares = {}, {}, {}
    for name, solver in SOLVERS.items():

        def solve(solver: fits.Solver = solver) -> tuple[Floats, int]:
            return solver(fits.afresh(problem))

        ms = best_by_turns({name: solve}, rounds=1)[name] * 1e3
        before = problem.evaluations
        z, iterations = solve()
        counts = f"{iterations}", f"{problem.evaluations - before:,}"
        missed = np.maximum(-problem.at(z).rooms, 0.0)
        objective[name], largest[name] = problem.at(z).objective, float(missed.max())
        squares[name] = float(missed @ missed)
        outside = max(0.0, float(np.maximum(problem.lower - z, z - problem.upper).max()))
        misses = f"{largest[name]:.1e}", f"{squares[name]:.2f}", f"{outside:.2f}"
        rows.append((name, f"{ms:.0f}", *counts, f"{objective[name]:.4f}", *misses))
    table(f"{title}: {'feasible' if feasible else 'infeasible'}", rows)
    if feasible:
        assert largest["SLSQP"] < 1e-6
        assert objective["SLSQP"] == pytest.approx(objective["trust-constr"], abs=1e-4)
    else:
        assert largest["SLSQP"] > 0.1
        assert squares["least squares, misses"] <= squares["SLSQP"] + 1e-6
