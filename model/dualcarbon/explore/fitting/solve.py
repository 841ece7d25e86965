"""Solve a fit with scipy: SLSQP where the targets can be met, least squares of the misses where not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import least_squares, minimize

from dualcarbon.axes import Floats
from dualcarbon.explore.fitting.problem import Problem

TOLERANCE = 1e-6
"""Largest violation of a condition, in steps that matter, that counts as none."""

_FTOL = 1e-10
_ITERATIONS = 200
_HARD = 100.0
"""Weight of yearly steps beside targets when not everything can be had."""

_TIE = 1e-4
"""Weight of departures beside violations, so that the nearest pathway is unique."""


@dataclass(frozen=True)
class Solution:
    """Where a solve ended.

    Parameters
    ----------
    z : (variable) scaled variables
    feasible : whether every condition holds
    objective : value there
    iterations : of the solver
    """

    z: Floats
    feasible: bool
    objective: float
    iterations: int


def solve(problem: Problem, start: Floats) -> Solution:
    """The best point from a start; where the targets cannot all be met, the nearest one."""
    near = nearest(problem, start)
    if not near.feasible:
        return near
    best = _best(problem, start)
    if not best.feasible:
        best = _best(problem, near.z)
    return best if best.feasible else replace(near, objective=problem.at(near.z).objective)


def nearest(problem: Problem, start: Floats) -> Solution:
    """A point of least squared violations within the bounds, or the first feasible one that is found."""
    low, high = problem.lower, problem.upper
    start = np.clip(start, low, high)
    if _holds(problem.at(start).rooms):
        return Solution(start, True, 0.0, 0)
    found: list[Solution] = []
    places = {one.tobytes(): one for one in (start, (start + high) / 2.0, high)}
    for one in places.values():
        found.append(_least_violation(problem, one))
        if found[-1].feasible:
            return found[-1]
    return min(found, key=lambda one: round(one.objective, 9))


def _best(problem: Problem, start: Floats) -> Solution:
    objective: Any = lambda z: problem.at(z).objective  # noqa: E731
    gradient: Any = lambda z: problem.at(z).gradient  # noqa: E731
    inside: Any = np.clip(start, problem.lower, problem.upper)
    conditions: Any = {
        "type": "ineq",
        "fun": lambda z: problem.at(z).rooms,
        "jac": lambda z: problem.at(z).jacobian,
    }
    options: Any = {"maxiter": _ITERATIONS, "ftol": _FTOL}
    answer = minimize(
        objective,
        inside,
        jac=gradient,
        bounds=list(zip(problem.lower, problem.upper, strict=True)),
        constraints=conditions,
        method="SLSQP",
        options=options,
    )
    z = np.clip(answer.x, problem.lower, problem.upper)
    point = problem.at(z)
    feasible = bool(np.isfinite(point.objective)) and _holds(point.rooms)
    return Solution(z, feasible, point.objective, int(answer.nit))


def _least_violation(problem: Problem, start: Floats) -> Solution:
    """Gauss-Newton on the violations; its objective is half their sum of squares."""
    targets = problem.at(start).rooms.size - problem.hard
    weight = np.concatenate([np.ones(targets), np.full(problem.hard, _HARD)])

    def residuals(z: Floats) -> Floats:
        rooms = problem.at(z).rooms
        unmet = not _holds(rooms)  # nothing is left to seek where all is met, and the search ends
        return unmet * np.concatenate([weight * np.minimum(rooms, 0.0), _TIE * z])

    def jacobian(z: Floats) -> Floats:
        point = problem.at(z)
        active = weight * (point.rooms < 0.0)
        return np.concatenate([active[:, None] * point.jacobian, _TIE * np.eye(z.size)])

    width = np.maximum(problem.upper - problem.lower, 1e-9)
    inside = np.clip(start, problem.lower + 1e-6 * width, problem.upper - 1e-6 * width)
    answer = least_squares(
        residuals,
        inside,
        jac=jacobian,
        bounds=(problem.lower, np.maximum(problem.upper, problem.lower + 1e-9)),
        max_nfev=_ITERATIONS,
    )
    rooms = problem.at(answer.x).rooms
    violation = weight * np.minimum(rooms, 0.0)
    return Solution(answer.x, _holds(rooms), 0.5 * float(violation @ violation), int(answer.nfev))


def _holds(rooms: Floats) -> bool:
    return bool(rooms.size == 0 or rooms.min() >= -TOLERANCE)
