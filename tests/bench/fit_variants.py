"""Fits to measure: of one scenario, of draws around it, with differences one at a time, by other solvers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.optimize import NonlinearConstraint, least_squares, minimize

from dualcarbon.analysis.targets import all_official
from dualcarbon.api import open_library
from dualcarbon.axes import Floats
from dualcarbon.explore.fitting import Fit, Options, fit_scenario, fitted
from dualcarbon.explore.fitting.problem import Problem
from dualcarbon.explore.fitting.solve import nearest
from dualcarbon.explore.fitting.space import FOSSIL
from dualcarbon.explore.official import official_targets
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario, find_scenario, read_scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import last_complete_year, read_levers

the_library: Callable[[], Library] = cache(open_library)


def fit_all(scenario: Scenario, *, starts: int = 1, explain: bool = False) -> Fit:
    """All official targets with all levers free."""
    library = the_library()
    levers = read_levers(library)
    targets = all_official(official_targets(library), last_complete_year(library))
    free = [name for name, lever in levers.items() if lever.mitigating != "none" and name not in FOSSIL]
    options = Options(tuple(free))
    return fit_scenario(scenario, library, levers, targets, options, starts=starts, explain=explain)


def fit_draw(k: int) -> tuple[bool, float]:
    """Fit one draw around current policies; whether it is feasible, and its objective."""
    rng = np.random.default_rng([2060, k])
    growth, intensity = rng.normal(0.0, 0.2, 2)
    process, others = rng.normal(1.0, 0.03, 2)
    changes = (
        f"gdp_growth={{shift: {growth:.4f} pp}}",
        f"energy_intensity_change={{shift: {intensity:.4f} pp}}",
        f"process_co2={{scale: {process:.4f}}}",
        f"non_co2={{scale: {others:.4f}}}",
    )
    fit = fit_all(read_scenario(find_scenario("current-policies"), changes))
    return fit.feasible, fit.objective


class OneAtATime(Problem):
    """The same differences, each by a run of its own instead of one batch."""

    def results(self, z: Floats) -> Results:
        if z.ndim == 1:
            return super().results(z)
        runs = [super(OneAtATime, self).results(row) for row in z]
        arrays = {name: np.stack([run[name] for run in runs]) for name in runs[0]}
        return Results(runs[0].years, runs[0].base_year, arrays)


@contextmanager
def problems_of(kind: type[Problem]) -> Iterator[list[Problem]]:
    """Fits make problems of this kind, and every one is kept."""
    made: list[Problem] = []

    def make(*given: Any, **named: Any) -> Problem:
        made.append(kind(*given, **named))
        return made[-1]

    with patch.object(fitted, "Problem", make):
        yield made


def first_problem(call: Callable[[], object], kind: type[Problem]) -> Problem:
    """The first problem that a call solves."""
    with problems_of(kind) as made:
        call()
    return made[0]


def afresh(problem: Problem) -> Problem:
    """The problem, without the point that it remembers."""
    problem._cache = None
    return problem


Solver = Callable[[Problem], tuple[Floats, int]]
"""A problem, from the scenario itself, to variables and iterations."""


def slsqp(problem: Problem) -> tuple[Floats, int]:
    """Sequential quadratic programming, as the package uses it."""
    conditions = {
        "type": "ineq",
        "fun": lambda z: problem.at(z).rooms,
        "jac": lambda z: problem.at(z).jacobian,
    }
    return _minimise(problem, "SLSQP", conditions, {"maxiter": 200, "ftol": 1e-10})


def trust_constr(problem: Problem) -> tuple[Floats, int]:
    """Trust-region interior point."""
    rooms: Any = lambda z: problem.at(z).rooms  # noqa: E731
    jacobian: Any = lambda z: problem.at(z).jacobian  # noqa: E731
    conditions = NonlinearConstraint(rooms, 0.0, np.inf, jac=jacobian)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # conditions that are exactly linear leave its BFGS nothing to learn
        return _minimise(problem, "trust-constr", conditions, {"maxiter": 300})


def _minimise(problem: Problem, method: str, conditions: object, options: object) -> tuple[Floats, int]:
    call: Any = minimize
    found = call(
        lambda z: problem.at(z).objective,
        np.zeros(problem.size),
        jac=lambda z: problem.at(z).gradient,
        bounds=list(zip(problem.lower, problem.upper, strict=True)),
        constraints=conditions,
        method=method,
        options=options,
    )
    return found.x, int(found.nit)


def misses(problem: Problem) -> tuple[Floats, int]:
    """Least squares of the misses alone: the package's nearest point."""
    found = nearest(problem, np.zeros(problem.size))
    return found.z, found.iterations


def penalties(weight: float) -> Solver:
    """Least squares of the objective and of all misses together, these times a weight."""

    def solve(problem: Problem) -> tuple[Floats, int]:
        own = _rows(problem)

        def residuals(z: Floats) -> Floats:
            return np.concatenate([own @ z, weight * np.minimum(problem.at(z).rooms, 0.0)])

        def jacobian(z: Floats) -> Floats:
            point = problem.at(z)
            return np.concatenate([own, (weight * (point.rooms < 0.0))[:, None] * point.jacobian])

        bounds = problem.lower, problem.upper
        width = problem.upper - problem.lower
        inside = np.clip(np.zeros(problem.size), bounds[0] + 1e-6 * width, bounds[1] - 1e-6 * width)
        found = least_squares(residuals, inside, jac=jacobian, bounds=bounds, max_nfev=200)
        return found.x, int(found.nfev)

    return solve


def _rows(problem: Problem) -> Floats:
    """Rows whose squares at the variables sum to the default objective, a pure quadratic."""
    zero = np.zeros(problem.size)
    hessian = np.array([problem._objective(step, 0.0, zero)[1] for step in np.eye(problem.size)])
    return np.asarray(np.linalg.cholesky(hessian / 2.0).T)
