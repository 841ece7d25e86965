"""One lever at a time: over its own range, and between the reference pathway and the scenario.

The range of a lever is taken from the scenario's pathway: every other lever keeps its path, this one goes to
its 5 % and to its 95 % point in every year.

What the scenario does is taken one lever (the four shares together) at a time as well, from either end:
*towards the scenario*, the lever alone leaves the reference pathway for the scenario's; *from the scenario*,
it alone goes back to the reference pathway. The two differ where levers work on one another: a cleaner mix
saves less when less energy is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.build import Built, vary
from dualcarbon.explore.attribution import differing_groups
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.prior import Marginal, Prior
from dualcarbon.explore.sensitivity.factors import projected_years
from dualcarbon.explore.sensitivity.outputs import Output
from dualcarbon.project import pathway
from dualcarbon.results import Results

RANGE = (0.05, 0.95)
"""Where each lever goes in its own distribution."""

_SCORE = 1.6448536269514722
"""95 % point of the standard normal distribution."""


@dataclass(frozen=True)
class Ranges:
    """What each uncertain lever does alone, over its own range.

    Parameters
    ----------
    levers : names
    low, high : (output, lever) output with the lever at its 5 % and its 95 % point
    lever_low, lever_high : (output, lever) the lever there in the output's year, or in the last year where an
        output belongs to none; inside unit
    """

    levers: tuple[str, ...]
    low: Floats
    high: Floats
    lever_low: Floats
    lever_high: Floats

    @property
    def swing(self) -> Floats:
        """Distance (output, lever) between the two ends."""
        return np.abs(self.high - self.low)


@dataclass(frozen=True)
class Steps:
    """What each lever that the scenario moves does alone, from either end.

    Parameters
    ----------
    groups : lever, or ``mix`` for the four shares
    reference : (output) on the reference pathway of every lever
    towards : (output, group) change when the lever alone leaves the reference for the scenario's path
    back : (output, group) change when the lever alone goes from the scenario's path back to the reference
    """

    groups: tuple[str, ...]
    reference: Floats
    towards: Floats
    back: Floats


def lever_ranges(built: Built, prior: Prior, outputs: Sequence[Output], past: Results) -> Ranges:
    """Outputs with one lever at a time at its 5 % and 95 % points, the others on the scenario's paths."""
    needed = tuple(dict.fromkeys(output.variable for output in outputs))
    ends = np.empty((2, len(outputs), len(prior.marginals)))
    of_lever = np.empty_like(ends)
    last = int(past.years[-1])
    places = [(output.year or last) - past.base_year - 1 for output in outputs]
    for k, marginal in enumerate(prior.marginals):
        paths = _at_ends(built, marginal)
        results = pathway(draw_inputs(built, paths), needed)
        for row, output in enumerate(outputs):
            ends[:, row, k] = output.of(results, past)
        of_lever[:, :, k] = paths[marginal.lever][:, places]
    return Ranges(prior.levers, ends[0], ends[1], of_lever[0], of_lever[1])


def _at_ends(built: Built, marginal: Marginal) -> dict[str, Floats]:
    """Paths (end, projected year) with one lever at its 5 % and 95 % points, shares closed."""
    alone = Prior((marginal,), np.eye(1))
    years = projected_years(built).size
    return lever_paths(built, alone, np.array([RANGE]), lambda _: _shocks(marginal, years))


def _shocks(marginal: Marginal, years: int) -> Floats:
    """Shocks (end, projected year) that keep an autoregression on its 5 % and 95 % points every year.

    It starts without deviation, so that its score has the variance 1 - c^(2 t) after t years.
    """
    c = marginal.autoregression or 0.0
    points = _SCORE * np.sqrt(1.0 - c ** (2.0 * np.arange(years + 1)))
    high = (points[1:] - c * points[:-1]) / np.sqrt(1.0 - c * c)
    return np.stack([-high, high])


def scenario_steps(built: Built, outputs: Sequence[Output], past: Results) -> Steps:
    """Outputs with one lever at a time moved between the reference pathway and the scenario's."""
    future = built.inputs.years > built.inputs.base_year
    reference = replace(built, levers=built.reference)
    groups = differing_groups(reference, built)
    alone = np.eye(len(groups), dtype=np.bool_)
    members = np.concatenate([np.zeros((1, len(groups)), dtype=np.bool_), alone, ~alone])
    paths = {
        lever: np.where(members[:, k, None], built.levers[lever][future], built.reference[lever][future])
        for k, group in enumerate(groups)
        for lever in group.levers
    }
    if not groups:
        same = np.array([float(output.of(past, past)) for output in outputs])
        empty = np.empty((len(outputs), 0))
        return Steps((), same, empty, empty)
    results = pathway(vary(built, paths), tuple(dict.fromkeys(output.variable for output in outputs)))
    found = np.stack([output.of(results, past) for output in outputs])
    scenario = np.array([float(output.of(past, past)) for output in outputs])
    towards = found[:, 1 : 1 + len(groups)] - found[:, :1]
    back = found[:, 1 + len(groups) :] - scenario[:, None]
    return Steps(tuple(group.name for group in groups), found[:, 0], towards, back)
