"""What is varied: the uncertain levers, those that the prior correlates taken together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.build import Built
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.prior import Prior
from dualcarbon.explore.sensitivity.outputs import Output
from dualcarbon.project import pathway
from dualcarbon.results import Results

_BLOCK = 4096
"""Pathways at a time: their arrays of a few dozen years stay within some hundred MB."""


@dataclass(frozen=True)
class Factor:
    """Levers that are drawn together, independently of all others.

    Parameters
    ----------
    levers : names
    rows : their places in the prior
    rests_on : what the uncertainty of each lever rests on
    """

    levers: tuple[str, ...]
    rows: tuple[int, ...]
    rests_on: tuple[str, ...]

    @property
    def name(self) -> str:
        """The lever, or the levers with a plus between them."""
        return " + ".join(self.levers)

    def short(self, labels: Mapping[str, str] | None = None) -> str:
        """A name that fits a line: of more than two levers the first and how many more.

        Parameters
        ----------
        labels : what levers are called, instead of their names
        """
        called = [lever if labels is None else labels[lever] for lever in self.levers]
        return " + ".join(called) if len(called) <= 2 else f"{called[0]} and {len(called) - 1} more"


def independent_factors(prior: Prior) -> tuple[Factor, ...]:
    """The levers in groups without correlation between groups, in the order of their first levers."""
    linked = prior.correlation != 0.0
    left = list(range(len(prior.levers)))
    factors = []
    while left:
        group = [left.pop(0)]
        for row in group:  # grows while it is walked through
            near = [other for other in left if linked[row, other]]
            group += near
            left = [other for other in left if other not in near]
        rows = tuple(sorted(group))
        ours = [prior.marginals[row] for row in rows]
        factors.append(Factor(tuple(m.lever for m in ours), rows, tuple(m.rests_on for m in ours)))
    return tuple(factors)


@dataclass(frozen=True)
class Sample:
    """Points that stand for pathways.

    Parameters
    ----------
    uniform : (lever, point) independent uniform numbers
    normals : (point, projected year) by lever with year-to-year noise
    """

    uniform: Floats
    normals: dict[str, Floats]

    def with_levers_of(self, other: Sample, rows: Sequence[int], prior: Prior) -> Sample:
        """The same points with some levers as in another sample."""
        uniform = self.uniform.copy()
        uniform[list(rows)] = other.uniform[list(rows)]
        names = {prior.levers[row] for row in rows}
        taken = {name: noise for name, noise in other.normals.items() if name in names}
        return Sample(uniform, self.normals | taken)


def noisy_levers(prior: Prior) -> list[str]:
    """Levers that wander around their path from year to year."""
    return [one.lever for one in prior.marginals if one.autoregression is not None]


def projected_years(built: Built) -> Years:
    """Years after the base year."""
    years: Years = built.inputs.years[built.inputs.years > built.inputs.base_year]
    return years


def values(sample: Sample, built: Built, prior: Prior, outputs: Sequence[Output], past: Results) -> Floats:
    """Outputs (output, point) of the pathways that a sample stands for.

    Parameters
    ----------
    built : the scenario around whose paths levers are drawn
    past : the scenario's own run, for the years up to the base year
    """
    points = sample.uniform.shape[1]
    found = np.empty((len(outputs), points))
    needed = tuple(dict.fromkeys(output.variable for output in outputs))
    for first in range(0, points, _BLOCK):
        part = slice(first, first + _BLOCK)
        here = Sample(sample.uniform[:, part], {k: noise[part] for k, noise in sample.normals.items()})
        paths = lever_paths(built, prior, here.uniform, here.normals.__getitem__)
        results = pathway(draw_inputs(built, paths), needed)
        for row, output in zip(found, outputs, strict=True):
            row[part] = output.of(results, past)
    return found
