"""What the tests of fits share: the tables once, fits from one start without explanation, and problems."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.analysis.requirements import requirement
from dualcarbon.analysis.targets import Target
from dualcarbon.axes import Floats
from dualcarbon.build import build
from dualcarbon.explore.fitting import Fit, Options, fit_scenario
from dualcarbon.explore.fitting.fitted import projector
from dualcarbon.explore.fitting.grid import swept_target
from dualcarbon.explore.fitting.problem import Problem
from dualcarbon.explore.fitting.space import FOSSIL, Space, make_space
from dualcarbon.scenario import DEFAULT_PLATEAU, Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever

START = "current-policies"


@cache
def library() -> Library:
    return api.open_library()


@cache
def levers() -> dict[str, Lever]:
    return api.lever_table(library())


def able() -> tuple[str, ...]:
    """Levers that can be free."""
    return tuple(n for n, one in levers().items() if one.mitigating != "none" and n not in FOSSIL)


def quick(
    scenario: str | Scenario, targets: Sequence[object], free: Sequence[str] | None = None, **more: Any
) -> Fit:
    """A fit from one start, without explanation unless asked for."""
    settings = {"starts": 1, "explain": False, "data": library()} | more
    return dc.fit(scenario, targets=targets, free=free, **settings)


def own(indicator: str, year: int, **limits: object) -> dict[str, object]:
    """A user's own target."""
    return {"indicator": indicator, "year": year, **limits}


def exact_peak(scenario: str, year: int, targets: Sequence[Target] = ()) -> Fit:
    """A fit to a maximum in exactly that year, which opens the slow side as in sweeps."""
    return fit_scenario(
        dc.load(scenario, data=library()),
        library(),
        levers(),
        [*targets, swept_target("peak_year", year)],
        Options(able(), slow=1.0),
        starts=1,
        explain=False,
    )


def problem(
    targets: Sequence[Target], scenario: str = START, objective: str = "least-departure", **space: Any
) -> Problem:
    """The fit of a bundled scenario as numbers, all levers free."""
    built = build(dc.load(scenario, data=library()), library())
    room = {"extend": 0.0, "slow": 0.0} | space
    requirements = [requirement(target, DEFAULT_PLATEAU) for target in targets]
    return Problem(make_space(built, levers(), able(), **room), projector(built), requirements, objective, {})


def scaled(fit: Fit, space: Space) -> Floats:
    """The scaled variables (variable) that give the fitted values of a fit."""
    values = {(v.lever, v.year): (v.fitted - v.before, v.ambitious - v.reference) for v in fit.levers}
    departures = []
    for k, a in space.index:
        moved, way = values[space.levers[k].name, int(space.anchors[a])]
        departures.append(moved / way)
    return np.array(departures) / space.deviations


def value(fit: Fit, lever: str, year: int) -> float:
    """The fitted value of a lever at an anchor, inside unit."""
    return next(v.fitted for v in fit.levers if (v.lever, v.year) == (lever, year))
